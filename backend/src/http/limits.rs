//! Rate limits: per session for those signed in, per address for those who try to (R68).

use std::num::NonZeroU32;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use lotline_common::id::SessionId;
use lotline_common::problem::{ProblemCode, Refusal};

/// Sign-in attempts that one address may make in a second, in the long run. Argon2 is costly by
/// design; this keeps it from being a lever.
const SIGN_INS_PER_SECOND: u32 = 5;
/// Sign-in attempts that one address may make at once: a shift begins behind one address.
const SIGN_IN_BURST: u32 = 60;

/// The server's limiters.
pub struct Limits {
    sessions: Option<DefaultKeyedRateLimiter<SessionId>>,
    addresses: DefaultKeyedRateLimiter<String>,
}

impl Limits {
    /// `requests_per_second` for each session, with four times as many at once; 0 for no limit.
    #[must_use]
    pub fn new(requests_per_second: u32) -> Self {
        let sessions =
            (requests_per_second > 0).then(|| quota(requests_per_second, requests_per_second.saturating_mul(4)));
        Self {
            sessions: sessions.map(RateLimiter::keyed),
            addresses: RateLimiter::keyed(quota(SIGN_INS_PER_SECOND, SIGN_IN_BURST)),
        }
    }

    /// One more request of a session.
    ///
    /// # Errors
    /// `too_many_requests`.
    pub fn check_session(&self, session: SessionId) -> Result<(), Refusal> {
        self.sessions.as_ref().map_or(Ok(()), |limiter| check(limiter, &session))
    }

    /// One more sign-in attempt from an address.
    ///
    /// # Errors
    /// `too_many_requests`.
    pub fn check_address(&self, address: &str) -> Result<(), Refusal> {
        check(&self.addresses, &address.to_owned())
    }

    /// Forgets keys that were not seen for a while.
    pub fn forget_idle(&self) {
        if let Some(sessions) = &self.sessions {
            sessions.retain_recent();
        }
        self.addresses.retain_recent();
    }
}

fn quota(per_second: u32, burst: u32) -> Quota {
    let at_least_one = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
    Quota::per_second(at_least_one(per_second)).allow_burst(at_least_one(burst))
}

fn check<K: Clone + Eq + std::hash::Hash>(limiter: &DefaultKeyedRateLimiter<K>, key: &K) -> Result<(), Refusal> {
    limiter.check_key(key).map_err(|not_until| {
        let wait = not_until.wait_time_from(DefaultClock::default().now());
        Refusal::new(ProblemCode::TooManyRequests).with("seconds", wait.as_secs() + 1)
    })
}
