//! Rows of the rules of time: policies, calendars, terms of accounts.

use crate::api::{ProblemCode, route};
use crate::complaint::Role;
use crate::endpoint::contract::{Row, STAFF, Table};
use crate::endpoint::routes::policies;

/// Rules of time are a setting: whoever is measured by them does not make them.
const ADMIN: &[Role] = &[Role::Admin];

pub(super) fn rows(table: &mut Table) {
    table.chapter("Policies, calendars, terms");
    table.shape("Terms", "{ tier: string, region: string, version: uint }");
    table.shape("PutInForce", "{ scope: string, version: uint }");
    table.add(
        Row::get(route::STAFF_POLICIES, policies::list)
            .says("The versions of the rules of time, and which hold.")
            .staff(STAFF)
            .gives(
                200,
                "{ versions: { version: uint, body: any, tier?: string, at?: time, by?: any, note?: string | null }[], \
                 in_force: { version: uint, tier: string, since: time, by: any }[] }",
            ),
    );
    table.add(
        Row::post(route::STAFF_POLICIES, policies::change)
            .says("Another policy holds from now on for cases that come in.")
            .staff(ADMIN)
            .versioned()
            .takes(
                "{| action: 'publish', tier?: string, policy: Map<any>, note: string |} | \
                 {| action: 'revert', tier?: string, to: uint, note: string |}",
            )
            .gives_version(200, "PutInForce")
            .refuses(&[ProblemCode::ActionRefused]),
    );
    table.add(
        Row::get(route::STAFF_CALENDARS, policies::list_calendars)
            .says("The business calendars, and which hold.")
            .staff(STAFF)
            .gives(
                200,
                "{ versions: { version: uint, body?: any, region?: string, at?: time, by?: any, note?: string | null }[], \
                 in_force: { version: uint, region: string, since: time, by: any }[] }",
            ),
    );
    table.add(
        Row::post(route::STAFF_CALENDARS, policies::change_calendar)
            .says("Another calendar holds from now on for cases that come in.")
            .staff(ADMIN)
            .versioned()
            .takes(
                "{| action: 'publish', region?: string, calendar: any, note: string |} | \
                 {| action: 'revert', region?: string, to: uint, note: string |}",
            )
            .gives_version(200, "PutInForce")
            .refuses(&[ProblemCode::ActionRefused]),
    );
    table.add(
        Row::get(route::STAFF_TERMS, policies::terms)
            .says("What was agreed with an account.")
            .staff(STAFF)
            .gives_version(200, "Terms"),
    );
    table.add(
        Row::post(route::STAFF_TERMS, policies::agree)
            .says("Other terms, for the cases that come in from now on.")
            .staff(ADMIN)
            .versioned()
            .takes("{| tier?: string, region?: string |}")
            .gives_version(200, "Terms")
            .refuses(&[ProblemCode::ActionRefused]),
    );
}
