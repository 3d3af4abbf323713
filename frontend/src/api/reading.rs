//! What a page reads. Pages differ in what they read, not in how: asking, waiting and telling are compiled once
//! for all of them, and only decoding is a page's own.

use std::any::Any;
use std::future::Future;
use std::marker::PhantomData;
use std::rc::Rc;

use gloo_net::http::Method;
use leptos::prelude::*;
use serde::de::DeserializeOwned;

use super::{Answer, Coming, Content, decode, exchange};

type Shared = Rc<dyn Any>;

/// Something read from the server, and read again when what its reading depends on changes.
pub struct Reading<T> {
    inner: LocalResource<Shared>,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Reading<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Reading<T> {}

impl<T: Clone + 'static> Reading<T> {
    /// Reads by a future.
    pub fn new<F: Future<Output = T> + 'static>(read: impl Fn() -> F + 'static) -> Self {
        let read = move || -> Coming<Shared> {
            let coming = read();
            Box::pin(async move {
                let read: Shared = Rc::new(coming.await);
                read
            })
        };
        Self { inner: resource(Box::new(read)), of: PhantomData }
    }

    /// What was read; none while it comes for the first time. Reactive.
    pub fn get(self) -> Option<T> {
        self.inner.get().and_then(|value| value.downcast_ref::<T>().cloned())
    }

    /// What was read, without depending on it.
    pub fn get_untracked(self) -> Option<T> {
        untrack(|| self.get())
    }

    /// Takes what another answer said meanwhile.
    pub fn set(self, value: T) {
        self.inner.set(Some(Rc::new(value)));
    }

    /// Reads again.
    pub fn refetch(self) {
        self.inner.refetch();
    }
}

/// Reads what is at a path of the API.
pub fn read<T: DeserializeOwned + Clone + 'static>(path: impl Fn() -> String + 'static) -> Reading<Answer<T>> {
    let decoded = |text: Answer<String>| -> Shared { Rc::new(text.and_then(|text| decode::<T>(&text))) };
    Reading { inner: resource(reader(Box::new(path), decoded)), of: PhantomData }
}

fn reader(path: Box<dyn Fn() -> String>, decoded: fn(Answer<String>) -> Shared) -> Box<dyn Fn() -> Coming<Shared>> {
    Box::new(move || {
        let text = exchange(Method::GET, &path(), Content::None, None);
        Box::pin(async move { decoded(text.await) })
    })
}

fn resource(read: Box<dyn Fn() -> Coming<Shared>>) -> LocalResource<Shared> {
    LocalResource::new(read)
}
