//! One entry of an HTTP archive, as browsers and inspectors export it: the entry, or a whole archive of one.

use alloc::string::String;
use alloc::vec::Vec;

use super::error::{CaptureError, CaptureFlaw};
use super::request::Capture;
use crate::explain::encoding::{Space, form_of, from_base64};
use crate::explain::json::{self, Node};

pub(super) fn parse(text: &[u8]) -> Result<Capture, CaptureError> {
    let archive = json::read(text).map_err(|_| CaptureFlaw::NotHar)?;
    let entries = archive.member("log").map(|log| log.member("entries").and_then(Node::list));
    let entry = match entries {
        Some(Some([entry])) => entry,
        Some(Some(_)) => return Err(CaptureFlaw::ManyEntries.into()),
        Some(None) => return Err(CaptureFlaw::NotHar.into()),
        None => &archive,
    };
    let request = entry.member("request").ok_or(CaptureFlaw::NotHar)?;
    Ok(Capture {
        payload: request.member("postData").map(payload).transpose()?.unwrap_or_default(),
        method: text_of(request, "method")?,
        url: text_of(request, "url")?,
        headers: pairs(request, "headers").ok_or(CaptureFlaw::NotHar)?,
    })
}

fn text_of(node: &Node<'_>, name: &str) -> Result<String, CaptureFlaw> {
    node.member(name).and_then(Node::text).ok_or(CaptureFlaw::NotHar)
}

/// A list of names and values; a value that is not there is empty.
fn pairs(node: &Node<'_>, name: &str) -> Option<Vec<(String, String)>> {
    let mut pairs = Vec::new();
    for pair in node.member(name)?.list()? {
        let value = pair.member("value").map_or(Some(String::new()), Node::text)?;
        pairs.push((pair.member("name")?.text()?, value));
    }
    Some(pairs)
}

fn payload(data: &Node<'_>) -> Result<Vec<u8>, CaptureError> {
    if data.member("text").is_none() {
        let kind = data.member("mimeType").and_then(Node::text).unwrap_or_default();
        let has_params = data.member("params").is_some();
        let params = pairs(data, "params");
        return match params {
            None if has_params => Err(CaptureFlaw::NotHar.into()),
            Some(_) if kind.starts_with("multipart/") => Err(CaptureFlaw::HarParts.into()),
            params => Ok(form_of(&params.unwrap_or_default(), Space::Plus)),
        };
    }
    let text = text_of(data, "text")?;
    let encoding = data.member("encoding").and_then(Node::text).unwrap_or_default();
    if encoding.eq_ignore_ascii_case("base64") {
        return match text.trim() {
            "" => Ok(Vec::new()),
            text => from_base64(text.as_bytes()).ok_or(CaptureFlaw::HarBase64.into()),
        };
    }
    Ok(text.into_bytes())
}
