//! The usual stage of a test: a portal's pages on one origin, the endpoint on another, and the network between them.

use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::driver::Browser;
use crate::endpoint::{Endpoint, snippet};
use crate::gate::Gate;
use crate::hosts::{self, HostPage, Hosts};
use crate::page::Page;
use crate::process::eventually;

/// How long the widget may take to send what waits, once it can: the first steps of its back-off.
pub(crate) const SOON: Duration = Duration::from_secs(20);

/// A portal's order page, an endpoint, and the network between them.
#[derive(Debug)]
pub(crate) struct Scene {
    /// The endpoint, reached through the gate.
    pub(crate) endpoint: Endpoint,
    /// The network.
    pub(crate) gate: Gate,
    /// The portal.
    pub(crate) hosts: Hosts,
}

impl Scene {
    /// Everything up, in clear weather.
    pub(crate) fn new() -> Self {
        Self::with_pages(|_| Vec::new())
    }

    /// The same with more pages, made from the address of the network before the endpoint.
    pub(crate) fn with_pages(more: impl FnOnce(&str) -> Vec<(&'static str, HostPage)>) -> Self {
        let (page_port, gate_port) = (hosts::listen(), hosts::listen());
        let endpoint = Endpoint::start_for(&[hosts::origin_of(&page_port)]);
        let gate = Gate::before(endpoint.address(), gate_port);
        let (script, element) = snippet(&gate.origin(), "delivery", "delivery=\"SO-1042\"");
        let page = HostPage::html(&script, &["<h1>Order SO-1042</h1>", &element].concat());
        let empty = HostPage::html("", "<h1>Invoices</h1>");
        let (_, relationship) = snippet(&gate.origin(), "relationship", "");
        let (_, unknown) = snippet(&gate.origin(), "no-such-survey", "");
        let mut pages = vec![
            ("/", page),
            ("/invoices", empty),
            ("/relationship", HostPage::html(&script, &relationship)),
            ("/unknown", HostPage::html(&script, &unknown)),
        ];
        pages.extend(more(&gate.origin()));
        let hosts = Hosts::on(page_port, pages);
        Self {
            endpoint,
            gate,
            hosts,
        }
    }

    /// Opens the order page and waits as long as a person reads the first question.
    pub(crate) fn visit<'b>(&self, browser: &'b Browser) -> Page<'b> {
        browser.goto(&self.hosts.url("/"));
        let page = Page::of(browser);
        page.expect_state("asking");
        page.expect_ready();
        page
    }

    /// Waits for the one complete row, and then a while longer for a second one that must not come.
    pub(crate) fn expect_exactly_one_row(&self) -> Value {
        let found = eventually(SOON, || {
            Some(self.endpoint.complete_rows()).filter(|rows| !rows.is_empty())
        });
        assert!(found.is_some(), "no row within {SOON:?}");
        thread::sleep(Duration::from_millis(1500));
        let mut rows = self.endpoint.rows();
        assert_eq!(rows.len(), 1, "{rows:?}");
        rows.remove(0)
    }
}
