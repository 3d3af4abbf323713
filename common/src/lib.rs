//! What the server and the browser share.
