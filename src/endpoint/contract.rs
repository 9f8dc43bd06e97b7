//! The contract's one table: what each route takes, who may use it, and what it answers. The router is made of its rows, so
//! that no route exists without one; the OpenAPI document is made of them, too, and the tests hold every answer against it.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use serde_json::Value as Json;

use super::App;
use super::guard::Actor;
use super::problem::Refusal;
use super::routes::{discard, table};
use super::store::Scope;
use crate::api::ProblemCode;
use crate::complaint::Role;

/// The document.
mod document;
/// Shapes of bodies, as they are written in the table.
mod notation;

pub(in crate::endpoint) use notation::names;

/// Whoever sees cases: everybody but those who make surveys or set up users.
pub(in crate::endpoint) const CASES: &[Role] = &[
    Role::AccountManager,
    Role::SolutionExpert,
    Role::DeliveryExpert,
    Role::CaseManager,
    Role::Executive,
    Role::Auditor,
];
/// Whoever acts on cases: auditors only read.
pub(in crate::endpoint) const WORK: &[Role] = &[
    Role::AccountManager,
    Role::SolutionExpert,
    Role::DeliveryExpert,
    Role::CaseManager,
    Role::Executive,
];
/// Whoever sees to it that things go on.
pub(in crate::endpoint) const LEAD: &[Role] = &[Role::CaseManager, Role::Executive];
/// Whoever reads what all customers said.
pub(in crate::endpoint) const LISTEN: &[Role] =
    &[Role::CaseManager, Role::Executive, Role::Auditor];
/// Whoever works here.
pub(in crate::endpoint) const STAFF: &[Role] = &Role::ALL;

/// What is done at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verb {
    Get,
    Post,
    Delete,
}

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    /// The row does not say: nobody gets in.
    Nobody,
    /// Everybody.
    Anyone,
    /// Whoever runs the endpoint, by network address.
    Operators,
    /// A respondent with the token of an invitation.
    Invited,
    /// A customer with the secret of a case.
    Customer,
    /// A system of the supplier's whose key is for this.
    System(Scope),
    /// Whoever becomes one of staff here, or ceases to be.
    Newcomer,
    /// These roles; `own`: the three of an account's team only where they are in it.
    Staff { roles: &'static [Role], own: bool },
}

/// What a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    Nothing,
    Json(&'static str),
    Photo,
}

/// One way of saying yes.
#[derive(Clone, Copy, Debug)]
struct Given {
    status: u16,
    body: Body,
    headers: &'static [&'static str],
}

#[derive(Clone, Copy, Debug)]
enum Body {
    Nothing,
    Json(&'static str),
    Other(&'static str),
}

/// What can be asked behind the `?` of an address.
#[derive(Clone, Copy, Debug)]
struct Asked {
    name: &'static str,
    shape: &'static str,
    is_needed: bool,
}

/// One route.
#[must_use = "a row that is not added to the table is no route"]
pub(in crate::endpoint) struct Row {
    verb: Verb,
    path: &'static str,
    says: &'static str,
    who: Who,
    takes: Takes,
    asked: Vec<Asked>,
    is_versioned: bool,
    gives: Vec<Given>,
    refuses: Vec<ProblemCode>,
    handler: MethodRouter<App>,
}

impl Row {
    /// GET; HEAD comes with it.
    pub(in crate::endpoint) fn get<H: Handler<T, App>, T: 'static>(
        path: &'static str,
        handler: H,
    ) -> Self {
        Self::new(Verb::Get, path, on(MethodFilter::GET, handler))
    }

    /// POST.
    pub(in crate::endpoint) fn post<H: Handler<T, App>, T: 'static>(
        path: &'static str,
        handler: H,
    ) -> Self {
        Self::new(Verb::Post, path, on(MethodFilter::POST, handler))
    }

    /// DELETE.
    pub(in crate::endpoint) fn delete<H: Handler<T, App>, T: 'static>(
        path: &'static str,
        handler: H,
    ) -> Self {
        Self::new(Verb::Delete, path, on(MethodFilter::DELETE, handler))
    }

    fn new(verb: Verb, path: &'static str, handler: MethodRouter<App>) -> Self {
        Self {
            verb,
            path,
            says: "",
            who: Who::Nobody,
            takes: Takes::Nothing,
            asked: Vec::new(),
            is_versioned: false,
            gives: Vec::new(),
            refuses: Vec::new(),
            handler,
        }
    }

    /// What it is for, in one sentence.
    pub(in crate::endpoint) fn says(self, says: &'static str) -> Self {
        Self { says, ..self }
    }

    /// For everybody.
    pub(in crate::endpoint) fn anyone(self) -> Self {
        self.who(Who::Anyone)
    }

    /// For whoever runs the endpoint.
    pub(in crate::endpoint) fn operators(self) -> Self {
        self.who(Who::Operators)
    }

    /// For whoever holds an invitation.
    pub(in crate::endpoint) fn invited(self) -> Self {
        self.who(Who::Invited)
    }

    /// For whoever has the secret of the case.
    pub(in crate::endpoint) fn customer(self) -> Self {
        self.who(Who::Customer)
    }

    /// For the supplier's systems with a key for this.
    pub(in crate::endpoint) fn system(self, scope: Scope) -> Self {
        self.who(Who::System(scope))
    }

    /// For whoever becomes one of staff here.
    pub(in crate::endpoint) fn newcomer(self) -> Self {
        self.who(Who::Newcomer)
    }

    /// For these roles. What else stands in the way (a state, a relation) the handler says.
    pub(in crate::endpoint) fn staff(self, roles: &'static [Role]) -> Self {
        self.who(Who::Staff { roles, own: false })
    }

    /// For these roles; the three of an account's team only where the thing is their account's.
    pub(in crate::endpoint) fn team(self, roles: &'static [Role]) -> Self {
        self.who(Who::Staff { roles, own: true })
    }

    fn who(self, who: Who) -> Self {
        Self { who, ..self }
    }

    /// A JSON body of this shape.
    pub(in crate::endpoint) fn takes(self, shape: &'static str) -> Self {
        Self {
            takes: Takes::Json(shape),
            ..self
        }
    }

    /// A photo.
    pub(in crate::endpoint) fn takes_photo(self) -> Self {
        Self {
            takes: Takes::Photo,
            ..self
        }
    }

    /// `If-Match` must name the version that was read.
    pub(in crate::endpoint) fn versioned(self) -> Self {
        Self {
            is_versioned: true,
            ..self
        }
    }

    /// What may stand behind the `?`.
    pub(in crate::endpoint) fn asks(self, name: &'static str, shape: &'static str) -> Self {
        self.asked(name, shape, false)
    }

    /// What must stand behind the `?`.
    pub(in crate::endpoint) fn needs(self, name: &'static str, shape: &'static str) -> Self {
        self.asked(name, shape, true)
    }

    fn asked(mut self, name: &'static str, shape: &'static str, is_needed: bool) -> Self {
        self.asked.push(Asked {
            name,
            shape,
            is_needed,
        });
        self
    }

    /// Says yes with JSON of this shape.
    pub(in crate::endpoint) fn gives(self, status: u16, shape: &'static str) -> Self {
        self.given(status, Body::Json(shape), &[])
    }

    /// The same, with the version as an entity tag.
    pub(in crate::endpoint) fn gives_version(self, status: u16, shape: &'static str) -> Self {
        self.given(status, Body::Json(shape), &["ETag"])
    }

    /// Says yes with something else than JSON.
    pub(in crate::endpoint) fn gives_other(self, status: u16, media_type: &'static str) -> Self {
        self.given(status, Body::Other(media_type), &[])
    }

    /// Says yes without a body, with these headers.
    pub(in crate::endpoint) fn gives_headers(
        self,
        status: u16,
        headers: &'static [&'static str],
    ) -> Self {
        self.given(status, Body::Nothing, headers)
    }

    fn given(mut self, status: u16, body: Body, headers: &'static [&'static str]) -> Self {
        self.gives.push(Given {
            status,
            body,
            headers,
        });
        self
    }

    /// Says no with these, beside what its kind of route may say anyway.
    pub(in crate::endpoint) fn refuses(mut self, codes: &[ProblemCode]) -> Self {
        self.refuses.extend_from_slice(codes);
        self
    }

    /// Its route. The policy stands in front of the handler; what a handler asks beside it comes after.
    fn route(self) -> Option<(&'static str, MethodRouter<App>)> {
        let handler = match self.who {
            Who::Nobody => return None,
            Who::Staff { roles, .. } => {
                let admit = move |request, next| admit(roles, request, next);
                self.handler.route_layer(from_fn(admit))
            }
            _ => self.handler,
        };
        Some((self.path, handler))
    }
}

/// Lets only these roles further. Who is asking was found out before (`guard::staff_only`); where it was not, nobody is.
async fn admit(roles: &'static [Role], request: Request, next: Next) -> Response {
    let code = match request.extensions().get::<Actor>() {
        Some(actor) if roles.contains(&actor.role) => return next.run(request).await,
        Some(_) => ProblemCode::NotAllowed,
        None => ProblemCode::NotSignedIn,
    };
    let (parts, body) = request.into_parts();
    discard(&parts, body);
    Refusal::from(code).into_response()
}

/// All rows, and the shapes that they name.
#[derive(Default)]
pub(in crate::endpoint) struct Table {
    rows: Vec<Row>,
    shapes: Vec<(&'static str, String)>,
    chapters: Vec<(&'static str, usize)>,
}

impl Table {
    /// The rows that follow belong together.
    pub(in crate::endpoint) fn chapter(&mut self, name: &'static str) {
        self.chapters.push((name, self.rows.len()));
    }

    /// Adds a route.
    pub(in crate::endpoint) fn add(&mut self, row: Row) {
        self.rows.push(row);
    }

    /// Names a shape, so that others can say it by name.
    pub(in crate::endpoint) fn shape(&mut self, name: &'static str, shape: impl Into<String>) {
        self.shapes.push((name, shape.into()));
    }

    /// The router of all rows.
    pub(in crate::endpoint) fn router(self) -> Router<App> {
        let routes = self.rows.into_iter().filter_map(Row::route);
        routes.fold(Router::new(), |router, (path, handler)| {
            router.route(path, handler)
        })
    }
}

/// The OpenAPI document of all routes.
///
/// # Errors
/// What of the table cannot be read; a test sees to it that this does not happen.
pub fn openapi() -> Result<&'static Json, &'static str> {
    static DOCUMENT: LazyLock<Result<Json, String>> = LazyLock::new(|| table::all().document());
    DOCUMENT.as_ref().map_err(String::as_str)
}
