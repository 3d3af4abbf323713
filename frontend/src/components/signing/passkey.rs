//! Passkeys: what the browser's `navigator.credentials` is asked, and what it answers (W3C WebAuthn). What is bytes there
//! is base64url here.

use js_sys::{Array, Object, Reflect, Uint8Array};
use lotline_common::signing::{PasskeyAssertion, PasskeyRequest, SigningRequest};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{
    AuthenticatorAttestationResponse, CredentialCreationOptions, CredentialRequestOptions, CredentialsContainer, Window,
};

/// Why the browser gave nothing: the catalogue key of what is said of it.
pub type Silence = &'static str;

type Given<T> = Result<T, JsValue>;

/// What an authenticator tells of a passkey that it made.
pub struct Made {
    /// `authenticatorData`.
    pub authenticator_data: String,
    /// `clientDataJSON`.
    pub client_data: String,
}

/// Whether passkeys of a host can be used on this page.
pub fn works_at(host: &str) -> bool {
    own_window().and_then(|window| window.location().hostname()).is_ok_and(|here| here == host)
}

/// Has one of the signer's passkeys sign what is asked.
///
/// # Errors
/// Why it did not.
pub async fn sign(request: &SigningRequest) -> Result<PasskeyAssertion, Silence> {
    signed(request).await.map_err(|error| why(&error))
}

/// Has an authenticator make a passkey.
///
/// # Errors
/// Why it did not.
pub async fn make(request: &PasskeyRequest) -> Result<Made, Silence> {
    made(request).await.map_err(|error| why(&error))
}

async fn signed(request: &SigningRequest) -> Given<PasskeyAssertion> {
    let asked = object(&[
        ("challenge", bytes(&request.challenge)?),
        ("rpId", text(&request.rp_id)),
        ("allowCredentials", descriptors(&request.credentials)?),
        ("userVerification", text("required")),
    ])?;
    let options = object(&[("publicKey", asked)])?;
    let coming = credentials()?.get_with_options(options.unchecked_ref::<CredentialRequestOptions>())?;
    let given = coming.await?;
    let response = member(&given, "response")?;
    Ok(PasskeyAssertion {
        credential_id: encoded(&member(&given, "rawId")?)?,
        authenticator_data: encoded(&member(&response, "authenticatorData")?)?,
        client_data: encoded(&member(&response, "clientDataJSON")?)?,
        signature: encoded(&member(&response, "signature")?)?,
    })
}

async fn made(request: &PasskeyRequest) -> Given<Made> {
    let user = object(&[
        ("id", bytes(&request.user_id)?),
        ("name", text(&request.login)),
        ("displayName", text(&request.display_name)),
    ])?;
    // ES256, which every authenticator knows.
    let kind = object(&[("type", text("public-key")), ("alg", JsValue::from_f64(-7.0))])?;
    let selection = object(&[("userVerification", text("required")), ("residentKey", text("preferred"))])?;
    let asked = object(&[
        ("challenge", bytes(&request.challenge)?),
        ("rp", object(&[("id", text(&request.rp_id)), ("name", text("Lotline"))])?),
        ("user", user),
        ("pubKeyCredParams", list(&[kind])),
        ("authenticatorSelection", selection),
        ("excludeCredentials", descriptors(&request.credentials)?),
        ("attestation", text("none")),
    ])?;
    let options = object(&[("publicKey", asked)])?;
    let coming = credentials()?.create_with_options(options.unchecked_ref::<CredentialCreationOptions>())?;
    let given = coming.await?;
    let response = member(&given, "response")?;
    let data = response.unchecked_ref::<AuthenticatorAttestationResponse>().get_authenticator_data()?;
    Ok(Made { authenticator_data: encoded(&data)?, client_data: encoded(&member(&response, "clientDataJSON")?)? })
}

/// What is said of an error. A prompt that was cancelled is none.
fn why(error: &JsValue) -> Silence {
    let name = member(error, "name").ok().and_then(|name| name.as_string()).unwrap_or_default();
    match name.as_str() {
        "NotAllowedError" | "AbortError" => "signing.passkey_cancelled",
        "InvalidStateError" => "signing.passkey_known",
        _ => {
            leptos::logging::warn!("{error:?}");
            "signing.passkey_failed"
        }
    }
}

fn own_window() -> Given<Window> {
    web_sys::window().ok_or(JsValue::UNDEFINED)
}

/// On a page that is not served safely there are none, and asking them throws.
fn credentials() -> Given<CredentialsContainer> {
    Ok(own_window()?.navigator().credentials())
}

fn text(text: &str) -> JsValue {
    JsValue::from_str(text)
}

fn member(of: &JsValue, name: &str) -> Given<JsValue> {
    Reflect::get(of, &text(name))
}

fn object(members: &[(&str, JsValue)]) -> Given<JsValue> {
    let object = Object::new();
    for (name, value) in members {
        Reflect::set(&object, &text(name), value)?;
    }
    Ok(object.into())
}

fn list(elements: &[JsValue]) -> JsValue {
    elements.iter().collect::<Array>().into()
}

fn descriptors(credentials: &[String]) -> Given<JsValue> {
    let described = credentials.iter().map(|id| object(&[("type", text("public-key")), ("id", bytes(id)?)]));
    Ok(list(&described.collect::<Given<Vec<_>>>()?))
}

/// Bytes out of base64url.
fn bytes(encoded: &str) -> Given<JsValue> {
    let letters = own_window()?.atob(&encoded.replace('-', "+").replace('_', "/"))?;
    let bytes: Vec<u8> = letters.chars().filter_map(|letter| u8::try_from(letter).ok()).collect();
    Ok(Uint8Array::from(bytes.as_slice()).into())
}

/// A buffer's bytes as base64url without padding.
fn encoded(buffer: &JsValue) -> Given<String> {
    let letters: String = Uint8Array::new(buffer).to_vec().into_iter().map(char::from).collect();
    let encoded = own_window()?.btoa(&letters)?;
    Ok(encoded.trim_end_matches('=').replace('+', "-").replace('/', "_"))
}
