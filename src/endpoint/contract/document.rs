//! The table as an OpenAPI 3.1 document.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::notation::schema;
use super::{Body, Given, Row, Table, Takes, Verb, Who};
use crate::api::{ProblemCode, limits, route};
use crate::endpoint::guard::SESSION;

const PROBLEM_TYPE: &str = "application/problem+json";
/// What every problem looks like.
const PROBLEM: &str = "{ type: string, title: string, status: int(400..599), code: string, message?: Map<string>, \
     errors: { path: string, code: string, message: string }[] }";

impl Table {
    /// The document.
    ///
    /// # Errors
    /// Rows that do not say who may use them or what they are for, and shapes that cannot be read.
    pub(super) fn document(&self) -> Result<Json, String> {
        let mut paths = Map::new();
        for (place, row) in self.rows.iter().enumerate() {
            let (path, verb) = (row.path.to_owned(), row.verb.word());
            let operation = row
                .operation(self.chapter_of(place))
                .map_err(|error| format!("{verb} {path}: {error}"))?;
            let methods = paths.entry(path.clone()).or_insert_with(|| json!({}));
            if !methods[verb].is_null() {
                return Err(format!("{verb} {path} has two rows"));
            }
            methods[verb] = operation;
        }
        let mut shapes = Map::new();
        shapes.insert("Problem".to_owned(), schema(PROBLEM)?);
        for (name, shape) in &self.shapes {
            let shape = schema(shape).map_err(|error| format!("{name}: {error}"))?;
            if shapes.insert((*name).to_owned(), shape).is_some() {
                return Err(format!("{name} is the name of two shapes"));
            }
        }
        let chapters = self.chapters.iter().map(|(name, _)| json!({"name": name}));
        let bearer = |says: &str| json!({"type": "http", "scheme": "bearer", "description": says});
        Ok(json!({
            "openapi": "3.1.0",
            "info": {
                "title": "Qingting",
                "version": "1",
                "description": "Answer sheets, complaints and what becomes of them. Errors are application/problem+json \
                    (RFC 9457) with a closed list of codes. Fields are only ever added within version 1.",
                "license": {"name": "Apache-2.0 OR MIT", "identifier": "Apache-2.0 OR MIT"},
            },
            "servers": [{"url": "/"}],
            "tags": chapters.collect::<Vec<_>>(),
            "paths": paths,
            "components": {
                "schemas": shapes,
                "securitySchemes": {
                    "staffKey": bearer("The key of a member of staff, from `qingting staff add`."),
                    "session": {"type": "apiKey", "in": "cookie", "name": SESSION,
                        "description": "A session from POST /v1/staff/session. What changes something must come from our own page."},
                    "systemKey": bearer("The key of a system of the supplier's, from `qingting key add`."),
                    "caseSecret": bearer("The secret of a case, from its receipt or its link."),
                    "invitation": bearer("The token of an invitation."),
                },
            },
        }))
    }

    fn chapter_of(&self, place: usize) -> &'static str {
        let before = self.chapters.iter().rev();
        let mut before = before.filter(|(_, first)| *first <= place);
        before.next().map_or("", |(name, _)| name)
    }
}

impl Verb {
    fn word(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Post => "post",
            Self::Delete => "delete",
        }
    }
}

impl Row {
    fn operation(&self, chapter: &str) -> Result<Json, String> {
        if self.who == Who::Nobody {
            return Err("says nothing of who may use it".to_owned());
        }
        if self.says.is_empty() || chapter.is_empty() || self.gives.is_empty() {
            return Err("says nothing of what it is for, or of what it gives".to_owned());
        }
        let mut parameters = self.places();
        for asked in &self.asked {
            parameters.push(json!({
                "name": asked.name, "in": "query", "required": asked.is_needed, "schema": schema(asked.shape)?,
            }));
        }
        if self.is_versioned {
            parameters.push(json!({
                "name": "If-Match", "in": "header", "required": true,
                "description": "The version that was read, as the ETag or `version` of the last answer.",
                "schema": {"type": "string", "pattern": "^\"[0-9]{1,9}\"$"},
            }));
        }
        let words = self.path.split(['/', '{', '}', '.']);
        let words = words.filter(|word| !word.is_empty() && *word != "v1");
        let id = [&[self.verb.word()], words.collect::<Vec<_>>().as_slice()].concat();
        let mut operation = json!({
            "operationId": if id.len() == 1 { "get-root".to_owned() } else { id.join("-") },
            "summary": self.says,
            "tags": [chapter],
            "responses": self.responses()?,
            "security": self.security(),
            "x-who": self.who_may(),
        });
        if !parameters.is_empty() {
            operation["parameters"] = json!(parameters);
        }
        match self.takes {
            Takes::Nothing => {}
            Takes::Json(shape) => {
                operation["requestBody"] = json!({
                    "required": true, "content": {"application/json": {"schema": schema(shape)?}},
                });
            }
            Takes::Photo => {
                let kinds = ["image/jpeg", "image/png", "image/webp"];
                let photo = json!({"schema": {"type": "string", "format": "binary", "maxLength": limits::PHOTO_BYTES}});
                let kinds = kinds.map(|kind| (kind.to_owned(), photo.clone()));
                operation["requestBody"] =
                    json!({"required": true, "content": Map::from_iter(kinds)});
            }
        }
        Ok(operation)
    }

    /// What stands open in the path.
    fn places(&self) -> Vec<Json> {
        let open = self.path.split('{').skip(1);
        let open = open.filter_map(|rest| rest.split('}').next());
        open.map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string", "minLength": 1}}))
            .collect()
    }

    fn security(&self) -> Json {
        let scheme = |name: &str| json!({ name: [] });
        match self.who {
            Who::Nobody | Who::Anyone | Who::Operators | Who::Newcomer => json!([]),
            Who::Invited => json!([scheme("invitation")]),
            Who::Customer => json!([scheme("caseSecret")]),
            Who::System(_) => json!([scheme("systemKey")]),
            Who::Staff { .. } => json!([scheme("staffKey"), scheme("session")]),
        }
    }

    /// For readers and for the matrix of tests.
    fn who_may(&self) -> Json {
        match self.who {
            Who::Nobody => json!({"is": "nobody"}),
            Who::Anyone => json!({"is": "anyone"}),
            Who::Operators => json!({"is": "operators"}),
            Who::Invited => json!({"is": "invited"}),
            Who::Customer => json!({"is": "customer"}),
            Who::Newcomer => json!({"is": "newcomer"}),
            Who::System(scope) => json!({"is": "system", "scope": scope.code()}),
            Who::Staff { roles, own } => {
                let roles: Vec<_> = roles.iter().map(|role| role.code()).collect();
                json!({"is": "staff", "roles": roles, "own_accounts": own})
            }
        }
    }

    /// Every problem that can be the answer: what its kind of route says, and its own.
    fn problems(&self) -> Vec<ProblemCode> {
        let mut codes = vec![
            ProblemCode::Timeout,
            ProblemCode::Internal,
            ProblemCode::Busy,
        ];
        // Any page may embed a file of the bundle.
        if ![route::LOADER, route::MAIN_PART, route::BUILD_FILE].contains(&self.path) {
            codes.push(ProblemCode::OriginRefused);
        }
        if self.path.starts_with("/v1/") {
            // Also where something is only read: who has read it, and who has guessed wrong, is written down.
            codes.extend([ProblemCode::TooManyRequests, ProblemCode::StorageFull]);
        }
        if self.path.contains('{') {
            codes.push(ProblemCode::NotFound);
        }
        if !self.asked.is_empty() || self.is_versioned {
            codes.push(ProblemCode::InvalidBody);
        }
        if self.verb == Verb::Post {
            codes.push(ProblemCode::StorageFull);
        }
        if self.takes != Takes::Nothing {
            codes.extend([
                ProblemCode::BadRequest,
                ProblemCode::TooLarge,
                ProblemCode::UnsupportedType,
                ProblemCode::InvalidBody,
            ]);
        }
        if matches!(self.takes, Takes::Json(_)) {
            codes.push(ProblemCode::InvalidJson);
        }
        if self.is_versioned {
            codes.push(ProblemCode::VersionClash);
        }
        codes.extend_from_slice(match self.who {
            Who::Nobody | Who::Anyone | Who::Newcomer => &[],
            Who::Operators => &[ProblemCode::NotFound],
            Who::Invited => &[ProblemCode::InvitationRefused],
            Who::Customer => &[ProblemCode::NotFound, ProblemCode::TooManySecrets],
            Who::System(_) | Who::Staff { .. } => {
                &[ProblemCode::NotSignedIn, ProblemCode::NotAllowed]
            }
        });
        codes.extend_from_slice(&self.refuses);
        codes
    }

    fn responses(&self) -> Result<Json, String> {
        let mut responses = Map::new();
        for given in &self.gives {
            responses.insert(given.status.to_string(), given.response()?);
        }
        let mut problems: BTreeMap<u16, Vec<ProblemCode>> = BTreeMap::new();
        for code in self.problems() {
            let same = problems.entry(code.status()).or_default();
            if !same.contains(&code) {
                same.push(code);
            }
        }
        for (status, codes) in problems {
            let refusal = refusal(status, &codes);
            // A page that says no to a person says it in words, and the route behind it may still say it like the others.
            match responses.get_mut(&status.to_string()) {
                Some(page) => {
                    page["content"][PROBLEM_TYPE] = refusal["content"][PROBLEM_TYPE].clone();
                }
                None => {
                    responses.insert(status.to_string(), refusal);
                }
            }
        }
        Ok(Json::Object(responses))
    }
}

impl Given {
    fn response(&self) -> Result<Json, String> {
        let says = match self.status {
            200 => "Done.",
            201 => "New, and on disk.",
            202 => "Heard; the answer says nothing about what becomes of it.",
            204 => "Done; there is nothing to say.",
            304 => "What the client has is still the newest.",
            404 | 410 => "Nothing is here, or no more; the page says so in words.",
            _ => "Look there.",
        };
        let mut response = json!({ "description": says });
        match self.body {
            Body::Nothing => {}
            Body::Json(shape) => {
                response["content"] = json!({"application/json": {"schema": schema(shape)?}});
            }
            Body::Other(media_type) => {
                response["content"] = json!({media_type: {"schema": {"type": "string"}}});
            }
        }
        for name in self.headers {
            response["headers"][*name] = json!({"schema": {"type": "string"}});
        }
        Ok(response)
    }
}

fn refusal(status: u16, codes: &[ProblemCode]) -> Json {
    let titles: Vec<_> = codes.iter().map(|code| code.title()).collect();
    let names: Vec<_> = codes.iter().map(|code| code.code()).collect();
    let schema = json!({
        "allOf": [{"$ref": "#/components/schemas/Problem"}, {"properties": {"code": {"enum": names}}}],
    });
    let mut response = json!({
        "description": titles.join(" "),
        "content": {PROBLEM_TYPE: {"schema": schema}},
    });
    if matches!(status, 429 | 503 | 507) {
        response["headers"]["Retry-After"] = json!({
            "description": "Whole seconds.", "required": true, "schema": {"type": "integer", "minimum": 1},
        });
    }
    response
}
