//! The access token: an HS256 JWT that names a session row. Without the row it is worth nothing
//! (OWASP ASVS 7.4, 9.1, 9.2).

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::http::header::AUTHORIZATION;
use chrono::{DateTime, Utc};
use hmac::{Hmac, Mac as _};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use lotline_common::id::{OrganisationId, PersonId, SessionId};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

const AUDIENCE: &str = "lotline";
const ISSUER: &str = "lotline";

/// What the token says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Claims {
    /// The session.
    pub jti: SessionId,
    /// The person.
    pub sub: PersonId,
    /// The organisation worked in.
    pub org: OrganisationId,
    iss: String,
    aud: String,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// Makes and reads tokens.
pub struct TokenKey {
    encoding: EncodingKey,
    decoding: DecodingKey,
    secret: Vec<u8>,
    secure_cookie: bool,
}

impl TokenKey {
    /// From 32 or more secret bytes. `secure_cookie` where browsers come over TLS.
    #[must_use]
    pub fn new(secret: &[u8], secure_cookie: bool) -> Self {
        let (encoding, decoding) = (EncodingKey::from_secret(secret), DecodingKey::from_secret(secret));
        Self { encoding, decoding, secret: secret.to_vec(), secure_cookie }
    }

    /// A token for a session.
    ///
    /// # Errors
    /// Only when it cannot be written.
    pub fn issue(
        &self,
        session: (SessionId, PersonId, OrganisationId),
        times: (DateTime<Utc>, DateTime<Utc>),
    ) -> anyhow::Result<String> {
        let (jti, sub, org) = session;
        let (now, expires_at) = (times.0.timestamp(), times.1.timestamp());
        let (iss, aud) = (ISSUER.to_owned(), AUDIENCE.to_owned());
        let claims = Claims { jti, sub, org, iss, aud, iat: now, nbf: now, exp: expires_at };
        Ok(jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)?)
    }

    /// What a token says, when it is ours. Whether the session still stands is the row's to say,
    /// so the times are not judged here: the row has them too, by the server's own clock.
    #[must_use]
    pub fn read(&self, token: &str) -> Option<Claims> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[ISSUER]);
        validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
        validation.validate_exp = false;
        jsonwebtoken::decode::<Claims>(token, &self.decoding, &validation).ok().map(|token| token.claims)
    }

    /// A digest that tells bytes from others, and from which nobody without the secret can guess them.
    #[must_use]
    pub fn digest(&self, bytes: &[u8]) -> Vec<u8> {
        let Ok(mac) = Hmac::<Sha256>::new_from_slice(&self.secret) else { return Vec::new() };
        mac.chain_update(b"lotline.request/1\0").chain_update(bytes).finalize().into_bytes().to_vec()
    }

    /// The cookie's name. `__Host-` binds it to this host and to TLS.
    const fn cookie_name(&self) -> &'static str {
        if self.secure_cookie { "__Host-lotline" } else { "lotline" }
    }

    /// The cookie that carries a token.
    #[must_use]
    pub fn cookie(&self, token: String) -> Cookie<'static> {
        Cookie::build(self.cookie_name(), token)
            .path("/")
            .http_only(true)
            .secure(self.secure_cookie)
            .same_site(SameSite::Strict)
            .finish()
    }

    /// The cookie that takes it away again.
    #[must_use]
    pub fn removal(&self) -> Cookie<'static> {
        let mut cookie = self.cookie(String::new());
        cookie.set_max_age(Duration::ZERO);
        cookie
    }

    /// The token of a request: bearer first, cookie else.
    #[must_use]
    pub fn of(&self, request: &HttpRequest) -> Option<String> {
        bearer(request).or_else(|| request.cookie(self.cookie_name()).map(|cookie| cookie.value().to_owned()))
    }
}

/// The bearer token of a request.
#[must_use]
pub fn bearer(request: &HttpRequest) -> Option<String> {
    let header = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    fn issued(key: &TokenKey) -> String {
        let now = Utc::now();
        key.issue((SessionId::new(), PersonId::new(), OrganisationId::new()), (now, now)).unwrap()
    }

    #[test]
    fn only_our_own_tokens_are_read() {
        let key = TokenKey::new(&[7; 32], false);
        let token = issued(&key);
        assert!(key.read(&token).is_some());
        assert!(TokenKey::new(&[8; 32], false).read(&token).is_none(), "another key");
        let (_, rest) = token.split_once('.').unwrap();
        let unsigned = URL_SAFE_NO_PAD.encode(br#"{"alg":"none","typ":"JWT"}"#);
        assert!(key.read(&format!("{unsigned}.{rest}")).is_none(), "algorithm none");
        let other = URL_SAFE_NO_PAD.encode(br#"{"alg":"HS384","typ":"JWT"}"#);
        assert!(key.read(&format!("{other}.{rest}")).is_none(), "another algorithm");
    }
}
