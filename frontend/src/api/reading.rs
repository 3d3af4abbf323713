//! What a page reads. Pages differ in what they read, not in how: asking, waiting and telling are compiled once
//! for all of them, and only decoding is a page's own.

use std::any::Any;
use std::cell::RefCell;
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
    changes: Changes,
    of: PhantomData<fn() -> T>,
}

/// How often what was read became another.
#[derive(Clone, Copy)]
struct Changes {
    count: Count,
    /// The same for those who show it: whether anything was read, and the count.
    told: Memo<(bool, usize)>,
}

/// How often another answer came, as it is counted before anybody is told.
type Count = StoredValue<usize>;

impl<T> Clone for Reading<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Reading<T> {}

impl<T: Clone + 'static> Reading<T> {
    /// Reads by a future.
    pub fn new<F: Future<Output = T> + 'static>(read: impl Fn() -> F + 'static) -> Self {
        let count = Count::new(0);
        let read = move || -> Coming<Shared> {
            let coming = read();
            Box::pin(async move {
                let read: Shared = Rc::new(coming.await);
                count.update_value(|count| *count += 1);
                read
            })
        };
        Self::of(count, Box::new(read))
    }

    fn of(count: Count, read: Box<dyn Fn() -> Coming<Shared>>) -> Self {
        let (inner, changes) = resource(count, read);
        Self { inner, changes, of: PhantomData }
    }

    /// What was read, as [`Self::get`], but reactive only to another answer: news that leaves it as it was changes
    /// nothing of what is shown, or is being typed there.
    pub fn get_changed(self) -> Option<T> {
        // Read, not only depended on: a memo that was never read hears of nothing.
        let (any, _) = self.changes.told.try_get()?;
        if any { self.get_untracked() } else { None }
    }

    /// What was read; none while it comes for the first time, and once the page is left: an answer that comes then is
    /// told to what showed it before. Reactive.
    pub fn get(self) -> Option<T> {
        self.inner.try_get().flatten().and_then(|value| value.downcast_ref::<T>().cloned())
    }

    /// What was read, without depending on it.
    pub fn get_untracked(self) -> Option<T> {
        untrack(|| self.get())
    }

    /// Takes what another answer said meanwhile.
    pub fn set(self, value: T) {
        self.changes.count.update_value(|count| *count += 1);
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
    let count = Count::new(0);
    Reading::of(count, reader(count, Box::new(path), decoded))
}

fn reader(
    count: Count,
    path: Box<dyn Fn() -> String>,
    decoded: fn(Answer<String>) -> Shared,
) -> Box<dyn Fn() -> Coming<Shared>> {
    let known = Rc::new(RefCell::new(None::<Answer<String>>));
    Box::new(move || {
        let text = exchange(Method::GET, &path(), Content::None, None);
        let known = Rc::clone(&known);
        Box::pin(async move {
            let text = text.await;
            if known.borrow().as_ref() != Some(&text) {
                known.replace(Some(text.clone()));
                count.update_value(|count| *count += 1);
            }
            decoded(text)
        })
    })
}

fn resource(count: Count, read: Box<dyn Fn() -> Coming<Shared>>) -> (LocalResource<Shared>, Changes) {
    let inner = LocalResource::new(read);
    let told = Memo::new(move |_| (inner.get().is_some(), count.get_value()));
    (inner, Changes { count, told })
}
