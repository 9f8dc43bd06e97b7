//! A person who is erased goes from what staff wrote about them, too: visits, findings, problems; and `verify` knows that from a
//! forgery.

use qingting::endpoint::store::database_path;
use rusqlite::Connection as Database;
use serde_json::{Value as Json, json};

use crate::staffed::{change, complain, id_of, look, make, staffed};
use crate::support::{Folder, qingting};

const MAIL: &str = "c41@example.com";
const WORDS: &str = "third pallet in the rain, nobody even came out to look";

#[test]
fn erased_person_goes_from_problems_visits_and_findings_and_the_chain_stays_whole() {
    let server = staffed();
    let data = server.folder.path();
    let taken = complain(&server, 41, "A-7", WORDS, &json!({}));
    complain(
        &server,
        42,
        "A-7",
        "somebody else, another pallet",
        &json!({}),
    );
    // Staff quote, and write addresses into notes.
    let title = format!("Pallets in the rain: \u{201c}{WORDS}\u{201d}");
    let problem = json!({"title": title, "cases": [taken["number"]]});
    make(&server, "manager", "/v1/staff/problems", &problem, 201);
    let path = "/v1/staff/problems/1".to_owned();
    let on_problem = |action: &Json| {
        let version = look(&server, "manager", &path, 200)["version"].clone();
        change(&server, "manager", &path, &version, action, 200)
    };
    on_problem(&json!({
        "action": "describe", "is": format!("reported by C41@Example.com ({MAIL}), second time"),
        "is_not": "not at c410@example.community", "first_seen": null, "last_seen": null,
    }));
    let plan = json!({
        "account": "A-7", "region": "Jiangsu", "planned_for": "2026-11-24T09:00Z", "purpose": format!("call on {MAIL}"),
        "questions": [], "team": [id_of("account")],
    });
    let visit = make(&server, "account", "/v1/staff/visits", &plan, 201);
    let visit = format!("/v1/staff/visits/{}", visit["id"]);
    on_problem(&json!({"action": "note", "text": format!("asked {MAIL} for pictures")}));
    let before = Folder::new();
    let copy = before.path().join("copy");
    let (code, _, said) = qingting(&["backup", copy.to_str().unwrap()], data);
    assert_eq!(code, Some(0), "{said}");

    let (code, out, said) = qingting(&["erase", "--mail", MAIL], data);
    assert_eq!(code, Some(0), "{out}{said}");
    assert!(
        out.contains("1 cases") && out.contains("none is left"),
        "{out}"
    );
    assert!(out.contains("4 texts of staff name them no more"), "{out}");
    let inside = look(&server, "manager", &path, 200).to_string();
    assert!(
        !inside.contains("c41@") && !inside.contains("third pallet"),
        "{inside}"
    );
    assert!(
        inside.contains("[erased]") && inside.contains("not at c410@example.community"),
        "the others' words stay: {inside}"
    );
    let visit = look(&server, "account", &visit, 200).to_string();
    assert!(visit.contains("call on [erased]"), "{visit}");
    // It can still be worked on, and is as it was written.
    on_problem(&json!({"action": "note", "text": "pictures came from the carrier"}));
    let (code, out, _) = qingting(&["verify"], data);
    assert_eq!(code, Some(0), "{out}");

    // The control: the same words written anew without the event that says so.
    let database = Database::open(database_path(data)).unwrap();
    let sql = "UPDATE log_words SET words = replace(words, '[erased]', 'a liar')";
    assert!(database.execute(sql, []).unwrap() > 0);
    drop(database);
    let (code, out, _) = qingting(&["verify"], data);
    assert!(
        code == Some(1) && out.contains("problem 1") && out.contains("the words of event 1"),
        "{out}"
    );

    // An older copy has them; with the list of the erased it has not.
    let (list, to) = (data.join("erased"), before.path().join("restored"));
    let restored = |more: &[&str]| {
        let mut arguments = vec!["restore", copy.to_str().unwrap()];
        arguments.extend(more);
        qingting(&arguments, &to)
    };
    let (code, out, said) = restored(&["--erased", list.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{out}{said}");
    let database = Database::open(database_path(&to)).unwrap();
    let left: i64 = database
        .query_row(
            "SELECT (SELECT count(*) FROM log_words WHERE words LIKE '%c41@%') + (SELECT count(*) FROM record_changes WHERE change LIKE '%c41@%')",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(left, 0);
}
