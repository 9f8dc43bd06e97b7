//! The little markup that texts of a survey may have: emphasis, paragraphs, lists, links and pictures. Everything else is
//! read as the words inside it.

/// A piece of a text with markup.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// Words as they are read.
    Words(String),
    /// Something with pieces inside.
    Element(Tag, Vec<Self>),
}

/// What an element is.
#[derive(Clone, Debug, PartialEq)]
pub enum Tag {
    /// Bold: `b`, `strong`, headings.
    Strong,
    /// Stressed: `i`, `em`.
    Emphasis,
    /// A paragraph: `p`, `div`, headings.
    Paragraph,
    /// The end of a line.
    Break,
    /// A list.
    List,
    /// A list with numbers.
    Numbered,
    /// An item of a list.
    Item,
    /// A link; its address begins with `https:` or `mailto:`.
    Link(String),
    /// A picture: its address, which begins with `https:`, and what those read who cannot see it.
    Picture(String, String),
}

/// The deepest nesting that is kept.
const MAX_DEPTH: usize = 32;
/// The longest text that is read, in bytes.
const MAX_LENGTH: usize = 100_000;

/// Reads a text. Always ends, in time linear in the length; what is not understood is left out, its words are kept.
pub fn parse(text: &str) -> Vec<Node> {
    read(text, &mut |_| {})
}

/// What [`parse`] leaves out of a text, each once: tags, attributes and addresses as they are written.
pub fn dropped(text: &str) -> Vec<String> {
    let mut dropped: Vec<String> = Vec::new();
    read(text, &mut |part| {
        if !dropped.iter().any(|known| known == part) {
            dropped.push(part.to_owned());
        }
    });
    dropped
}

/// The words of a text without its markup, on one line, for places that can show nothing else. A text without tags stays as
/// it is written.
pub fn plain(text: &str) -> String {
    fn gather(nodes: &[Node], words: &mut String) {
        for node in nodes {
            match node {
                Node::Words(own) => words.push_str(own),
                Node::Element(tag, inside) => {
                    let is_apart = matches!(tag, Tag::Paragraph | Tag::Break | Tag::Item);
                    let keep_apart = |words: &mut String| {
                        if is_apart && !words.ends_with(char::is_whitespace) {
                            words.push(' ');
                        }
                    };
                    keep_apart(words);
                    if let Tag::Picture(_, own) = tag {
                        words.push_str(own);
                    }
                    gather(inside, words);
                    keep_apart(words);
                }
            }
        }
    }
    if !has_markup(text) {
        return text.to_owned();
    }
    let mut words = String::new();
    gather(&parse(text), &mut words);
    words.trim().to_owned()
}

/// Whether a text has tags in it.
pub fn has_markup(text: &str) -> bool {
    let mut parts = text.split('<').skip(1);
    parts.any(|part| part.contains('>') && is_tag(part))
}

fn is_tag(behind: &str) -> bool {
    behind.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!')
}

/// Reads a text; `drop` is told what is left out.
fn read(text: &str, drop: &mut dyn FnMut(&str)) -> Vec<Node> {
    let text = match text.get(..MAX_LENGTH) {
        Some(beginning) if text.len() > MAX_LENGTH => {
            drop("what is behind the first 100,000 bytes");
            beginning
        }
        _ => text,
    };
    let mut reader = Reader {
        open: vec![(None, "", Vec::new())],
        drop,
    };
    let mut rest = text;
    while let Some((words, behind)) = rest.split_once('<') {
        reader.words(words);
        let Some((tag, after)) = behind.split_once('>').filter(|_| is_tag(behind)) else {
            reader.words("<");
            rest = behind;
            continue;
        };
        rest = after;
        let name = name_of(tag);
        if let Some(comment) = behind.strip_prefix("!--") {
            (reader.drop)("<!-- … -->");
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
        } else if is(name, &["script", "style"]) {
            // What browsers would run is no words.
            reader.drops(name);
            rest = rest.split_once("</").map_or("", |(_, behind)| {
                behind.split_once('>').map_or("", |(_, after)| after)
            });
        } else {
            reader.tag(tag, name);
        }
    }
    reader.words(rest);
    reader.finish()
}

fn is(name: &str, names: &[&str]) -> bool {
    names.iter().any(|other| name.eq_ignore_ascii_case(other))
}

struct Reader<'a, 'd> {
    /// What is open: its tag, none for what is only looked through; its name; what is in it so far.
    open: Vec<(Option<Tag>, &'a str, Vec<Node>)>,
    /// Is told what is left out.
    drop: &'d mut dyn FnMut(&str),
}

impl<'a> Reader<'a, '_> {
    fn words(&mut self, words: &str) {
        if !words.is_empty() {
            self.add(Node::Words(decoded(words)));
        }
    }

    fn add(&mut self, node: Node) {
        if let Some((_, _, inside)) = self.open.last_mut() {
            inside.push(node);
        }
    }

    fn drops(&mut self, name: &str) {
        (self.drop)(&["<", name, ">"].concat());
    }

    fn tag(&mut self, tag: &'a str, name: &'a str) {
        if tag.starts_with('/') {
            let at = self
                .open
                .iter()
                .rposition(|(_, open, _)| open.eq_ignore_ascii_case(name));
            if let Some(at) = at.filter(|&at| at > 0) {
                while self.open.len() > at {
                    self.close();
                }
            }
            return;
        }
        let is = |names: &[&str]| is(name, names);
        let kept: &[&str] = if is(&["img"]) {
            &["src", "alt"]
        } else if is(&["a"]) {
            // A link opens in a tab of its own whatever it says.
            &["href", "target", "rel"]
        } else {
            &[]
        };
        let is_kept = |key: &str| kept.iter().any(|kept| key.eq_ignore_ascii_case(kept));
        for (key, _) in attributes(tag).filter(|(key, _)| !is_kept(key)) {
            (self.drop)(&["<", name, " ", key, ">"].concat());
        }
        let heading = is(&["h1", "h2", "h3", "h4", "h5", "h6"]);
        if is(&["br", "hr"]) {
            return self.add(Node::Element(Tag::Break, Vec::new()));
        }
        if is(&["img"]) {
            let (link, words) = (attribute(tag, "src"), attribute(tag, "alt"));
            let (link, words) = (link.unwrap_or_default(), words.unwrap_or_default());
            if link.starts_with("https:") {
                self.add(Node::Element(Tag::Picture(link, words), Vec::new()));
            } else {
                (self.drop)(&["<img src=", &link, ">"].concat());
                self.words(&words);
            }
            return;
        }
        let element = if is(&["b", "strong"]) || heading {
            Some(Tag::Strong)
        } else if is(&["i", "em", "u"]) {
            Some(Tag::Emphasis)
        } else if is(&["p", "div"]) {
            Some(Tag::Paragraph)
        } else if is(&["ul"]) {
            Some(Tag::List)
        } else if is(&["ol"]) {
            Some(Tag::Numbered)
        } else if is(&["li"]) {
            Some(Tag::Item)
        } else if is(&["a"]) {
            let link = attribute(tag, "href").unwrap_or_default();
            if link.starts_with("https:") || link.starts_with("mailto:") {
                Some(Tag::Link(link))
            } else {
                (self.drop)(&["<a href=", &link, ">"].concat());
                None
            }
        } else {
            self.drops(name);
            None
        };
        if heading {
            self.add(Node::Element(Tag::Break, Vec::new()));
        }
        // A slash at the end closes at once; so does what is nested too deep.
        if self.open.len() > MAX_DEPTH {
            (self.drop)("what is nested deeper than 32");
        } else if !tag.ends_with('/') {
            self.open.push((element, name, Vec::new()));
        }
    }

    fn close(&mut self) {
        let Some((tag, _, inside)) = self.open.pop() else {
            return;
        };
        match tag {
            Some(tag) => self.add(Node::Element(tag, inside)),
            None => inside.into_iter().for_each(|node| self.add(node)),
        }
    }

    fn finish(mut self) -> Vec<Node> {
        while self.open.len() > 1 {
            self.close();
        }
        self.open
            .pop()
            .map(|(_, _, inside)| inside)
            .unwrap_or_default()
    }
}

fn name_of(tag: &str) -> &str {
    let tag = tag.strip_prefix('/').unwrap_or(tag);
    tag.split(|c: char| !c.is_ascii_alphanumeric())
        .next()
        .unwrap_or_default()
}

/// The value of an attribute.
fn attribute(tag: &str, name: &str) -> Option<String> {
    attributes(tag)
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| decoded(value.trim()))
}

/// The attributes of a tag that have a value.
fn attributes(tag: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = tag;
    std::iter::from_fn(move || {
        let (before, behind) = rest.split_once('=')?;
        let key = before.split_ascii_whitespace().last().unwrap_or_default();
        let behind = behind.trim_start();
        let (value, after) = match behind.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let inner = behind.get(1..).unwrap_or_default();
                inner.split_once(quote).unwrap_or((inner, ""))
            }
            _ => behind
                .split_once(char::is_whitespace)
                .unwrap_or((behind, "")),
        };
        rest = after;
        Some((key, value))
    })
}

/// Words with the entities that authors use, and those with a number.
fn decoded(words: &str) -> String {
    let mut text = String::new();
    let mut rest = words;
    while let Some((before, behind)) = rest.split_once('&') {
        text.push_str(before);
        let entity = behind.split_once(';').and_then(|(name, after)| {
            let letter = match name {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                "quot" => '"',
                "apos" => '\'',
                "nbsp" => '\u{a0}',
                _ => {
                    let number = name.strip_prefix('#')?;
                    let code = match number.strip_prefix(['x', 'X']) {
                        Some(hex) => u32::from_str_radix(hex, 16),
                        None => number.parse(),
                    };
                    char::from_u32(code.ok()?)?
                }
            };
            Some((letter, after))
        });
        match entity {
            Some((letter, after)) => {
                text.push(letter);
                rest = after;
            }
            None => {
                text.push('&');
                rest = behind;
            }
        }
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::{Node, Tag, dropped, has_markup, parse, plain};

    /// The markup as it would be written, for comparison.
    fn shown(nodes: &[Node]) -> String {
        let one = |node: &Node| match node {
            Node::Words(words) => words.clone(),
            Node::Element(tag, inside) => {
                let name = match tag {
                    Tag::Strong => "b".to_owned(),
                    Tag::Emphasis => "i".to_owned(),
                    Tag::Paragraph => "p".to_owned(),
                    Tag::Break => "br".to_owned(),
                    Tag::List => "ul".to_owned(),
                    Tag::Numbered => "ol".to_owned(),
                    Tag::Item => "li".to_owned(),
                    Tag::Link(link) => format!("a {link}"),
                    Tag::Picture(link, words) => format!("img {link} {words}"),
                };
                format!("[{name}:{}]", shown(inside))
            }
        };
        nodes.iter().map(one).collect()
    }

    #[test]
    fn safe_markup_is_kept_and_what_is_dropped_is_told() {
        for (text, kept, left_out) in [
            ("5 < 6 and 7 > 6", "5 < 6 and 7 > 6", ""),
            ("<b>满意</b>吗？", "[b:满意]吗？", ""),
            ("a<br/>b<BR>c", "a[br:]b[br:]c", ""),
            (
                "<p>See <a href='https://x.de/?a=1&amp;b=2' target=\"_blank\">this</a></p>",
                "[p:See [a https://x.de/?a=1&b=2:this]]",
                "",
            ),
            ("<ul><li>one<li>two</ul>", "[ul:[li:one[li:two]]]", ""),
            (
                "<a href=\"javascript:alert(1)\">x</a>",
                "x",
                "<a href=javascript:alert(1)>",
            ),
            ("<a href=\"http://x.de\">x</a>", "x", "<a href=http://x.de>"),
            (
                "<img src=\"http://x.de/a.png\" alt=\"Logo\">",
                "Logo",
                "<img src=http://x.de/a.png>",
            ),
            (
                "<img src=https://x.de/a.png alt=\"a &lt; b\">",
                "[img https://x.de/a.png a < b:]",
                "",
            ),
            (
                "<p style=\"color:red\" onclick='x()'>hi</p>",
                "[p:hi]",
                "<p style>, <p onclick>",
            ),
            (
                "<table><tr><td>a</td></tr></table>",
                "a",
                "<table>, <tr>, <td>",
            ),
            ("<script>alert('<b>')</script>ok", "ok", "<script>"),
            ("a<!-- <b> note -->b", "ab", "<!-- … -->"),
            (
                "&#8226; &#x4F60;&#22909; &hellip; R&D",
                "• 你好 &hellip; R&D",
                "",
            ),
            (
                "<iframe src=\"https://x.de\"></iframe>",
                "",
                "<iframe src>, <iframe>",
            ),
            ("<", "<", ""),
            ("<b", "<b", ""),
        ] {
            assert_eq!(shown(&parse(text)), kept, "{text}");
            assert_eq!(dropped(text).join(", "), left_out, "{text}");
        }
        for (text, words) in [
            ("<b>Late</b> &amp; wet", "Late & wet"),
            ("5 < 6 &amp; so on", "5 < 6 &amp; so on"),
            (
                "Late<br>by <i>more</i> than a day",
                "Late by more than a day",
            ),
            ("<p>非常满意</p>", "非常满意"),
            ("<ul><li>one</li><li>two</li></ul>", "one two"),
            ("<img src=https://x.de/a.png alt='交换机'> x", "交换机 x"),
            ("<script>alert(1)</script>ok", "ok"),
        ] {
            assert_eq!(plain(text), words, "{text}");
        }
        let deep = "<b>".repeat(100_000);
        assert_eq!(dropped(&deep).len(), 2);
        assert!(has_markup("a <br> b") && !has_markup("a < b > c") && !has_markup("1 <2"));
    }
}
