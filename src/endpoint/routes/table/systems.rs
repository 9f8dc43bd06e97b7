//! Rows of what the supplier's systems tell, and of what goes out.

use crate::api::{ProblemCode, route};
use crate::complaint::Role;
use crate::endpoint::contract::{CASES, Row, STAFF, Table};
use crate::endpoint::routes::{deliveries, outbox};
use crate::endpoint::store::Scope;

pub(super) fn rows(table: &mut Table) {
    table.chapter("Deliveries and invitations");
    table.add(
        Row::post(route::DELIVERIES, deliveries::take)
            .says("A delivery took place. The answer has the short link for its papers.")
            .system(Scope::Deliveries)
            .takes(
                "{| delivery: text(200), contact: text(200), delivered_at: string, kind?: 'delivery' | 'relationship' | null, \
                 account?: string | null, mail?: string | null, phone?: string | null, language?: string | null, \
                 survey?: string | null, team?: string | null, region?: string | null, product?: string | null |}",
            )
            .gives(201, "{ delivery: string, contact: string, told: 'new', link: string }")
            .gives(200, "{ delivery: string, contact: string, told: 'changed' | 'known', link: string }"),
    );
    table.add(
        Row::post(route::BOUNCES, deliveries::bounce)
            .says("An address does not work.")
            .system(Scope::Bounces)
            .takes("{| address: text(200), permanent?: bool |}")
            .gives(200, "{ suppressed: bool }"),
    );
    table.add(
        Row::get(route::STAFF_DELIVERY, deliveries::show)
            .says("What was planned and done about a delivery, its link and its QR code.")
            .staff(CASES)
            .gives(
                200,
                "{ delivery: string, link: string, qr: string, invitations: { contact: string, account: string | null, \
                 survey: string, wave: string, due_at: time | null, asked_at: time | null, reminded_at: time | null, \
                 sent_at: time | null, bounced_at: time | null, answered: bool, not_sent: string | null, next_at: time | null }[] }",
            ),
    );
    table.add(
        Row::get(route::STAFF_WAVES, deliveries::rates)
            .says("Of each survey and wave, how many invitations arrived and were answered.")
            .staff(STAFF)
            .asks("survey", "string")
            .gives(
                200,
                "{ waves: { survey: string, wave: string, planned: int, sent: int, bounced: int, delivered: int, \
                 answered: int, begun: int, rate: number | null, not_sent: Map<int> }[] }",
            )
            .refuses(&[ProblemCode::BadRequest]),
    );
    table.add(
        Row::get(route::STAFF_OUTBOX, outbox::list)
            .says("What goes out and was given up, and how much waits.")
            .staff(&[Role::Admin, Role::CaseManager, Role::Auditor])
            .asks("state", "'waiting' | 'delivered' | 'dead'")
            .gives(
                200,
                "{ rows: { id: int, channel: string, about: string, kind: string, created_at: time, due_at: time, tries: int, \
                 error: string | null }[], backlog: Map<{ waiting: int, oldest_at: time | null, dead: int }> }",
            )
            .refuses(&[ProblemCode::BadRequest]),
    );
    table.add(
        Row::post(route::STAFF_OUTBOX, outbox::replay)
            .says("Has rows that were given up tried again.")
            .staff(&[Role::Admin, Role::CaseManager])
            .takes("{| replay: int[] |}")
            .gives(200, "{ replayed: uint }"),
    );
}
