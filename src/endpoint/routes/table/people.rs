//! Rows of who works here and how they sign in.

use crate::api::{ProblemCode, route};
use crate::complaint::Role;
use crate::endpoint::contract::{Row, STAFF, Table, names};
use crate::endpoint::routes::{people, sign_in};

const ADMIN: &[Role] = &[Role::Admin];

pub(super) fn rows(table: &mut Table) {
    table.chapter("Signing in");
    table.shape("Role", names::<Role>());
    table.shape(
        "Me",
        "{ id: uint, name: string, role: Role, mail: string | null }",
    );
    table.add(
        Row::post(route::STAFF_SET_UP, sign_in::set_up)
            .says("The first admin, by the link of the first start; then there is nothing here any more.")
            .newcomer()
            .takes("{| link: string, name: string, mail: string, password: string |}")
            .gives(200, "Me")
            .refuses(&[ProblemCode::NotFound]),
    );
    table.add(
        Row::post(route::STAFF_SESSION, sign_in::sign_in)
            .says("Signs in; the answer sets the session's cookie.")
            .newcomer()
            .takes("{| mail: string, password: string |}")
            .gives(200, "Me")
            .refuses(&[ProblemCode::SignInRefused]),
    );
    table.add(
        Row::get(route::STAFF_SESSION, sign_in::show)
            .says("Who is signed in.")
            .staff(STAFF)
            .gives(200, "Me"),
    );
    table.add(
        Row::delete(route::STAFF_SESSION, sign_in::sign_out)
            .says("Signs out. Whoever is signed out already has what they want.")
            .newcomer()
            .gives_headers(204, &["Set-Cookie"]),
    );
    table.add(
        Row::post(route::STAFF_LINK, sign_in::use_link)
            .says("A password, by a link that is good once.")
            .newcomer()
            .takes("{| link: string, password: string |}")
            .gives(200, "Me")
            .refuses(&[ProblemCode::NotFound]),
    );
    table.add(
        Row::post(route::STAFF_PASSWORD, sign_in::change_password)
            .says("Another password; every other session ends.")
            .staff(STAFF)
            .takes("{| old: string, new: string |}")
            .gives(200, "Me")
            .refuses(&[ProblemCode::SignInRefused, ProblemCode::NotFound]),
    );
    table.chapter("People");
    table.add(
        Row::get(route::STAFF_PEOPLE, people::list)
            .says("Who works here; for admins with the address they sign in with.")
            .staff(STAFF)
            .gives(
                200,
                "{ people: { id: uint, name: string, role: Role, away: bool, mail?: string | null, signs_in?: bool }[] }",
            ),
    );
    table.add(
        Row::post(route::STAFF_PEOPLE, people::add)
            .says("Adds somebody; the link in the answer is theirs, once.")
            .staff(ADMIN)
            .takes("{| name: text(200), mail: text(200), role: Role |}")
            .gives(201, "{ id: uint, link: string }"),
    );
    table.add(
        Row::post(route::STAFF_PERSON, people::act)
            .says("Another role, another link, or the end.")
            .staff(ADMIN)
            .takes(
                "{| action: 'role', role: Role |} | {| action: 'link' |} | {| action: 'leave' |}",
            )
            .gives(200, "{ link?: string }")
            .refuses(&[ProblemCode::ActionRefused]),
    );
    table.add(
        Row::get(route::STAFF_AUDIT, people::audit)
            .says("What staff changed and read, newest first.")
            .staff(&[Role::Auditor, Role::Admin])
            .asks("before", "int")
            .gives(200, "{ notes: { seq: int, at: time, by: uint | null, action: string, object: string }[] }"),
    );
}
