//! A stream whose other end must take what is written to it.

use std::io::{self, ErrorKind, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

use crate::metrics;

/// Whoever takes so many bytes within the time gets as much time again: 2 KiB a second with 30 s.
const LEAST: usize = 64 << 10;

/// A stream that fails once its reader is too slow. One that has nothing to take may rest.
#[derive(Debug)]
pub(super) struct Paced<S> {
    stream: S,
    stall: Duration,
    owed: Option<Owed>,
}

/// Something waits to be taken.
#[derive(Debug)]
struct Owed {
    until: Pin<Box<Sleep>>,
    taken: usize,
}

impl<S> Paced<S> {
    pub(super) fn new(stream: S, stall: Duration) -> Self {
        Self { stream, stall, owed: None }
    }

    /// What became of a write of `offered` bytes.
    fn after(
        &mut self,
        written: Poll<io::Result<usize>>,
        offered: usize,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Ok(taken)) = written {
            if taken >= offered {
                self.owed = None;
            } else if let Some(owed) = &mut self.owed {
                owed.taken += taken;
                if owed.taken >= LEAST {
                    owed.taken = 0;
                    owed.until.as_mut().reset(Instant::now() + self.stall);
                }
            }
        }
        if written.is_pending() {
            let stall = self.stall;
            let owed = self
                .owed
                .get_or_insert_with(|| Owed { until: Box::pin(tokio::time::sleep(stall)), taken: 0 });
            ready!(owed.until.as_mut().poll(cx));
            metrics::cut("stalled");
            return Poll::Ready(Err(io::Error::new(ErrorKind::TimedOut, "the reader takes too little")));
        }
        written
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.after(written, bytes.len(), cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.after(written, parts.iter().map(|part| part.len()).sum(), cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
