//! One entry of an HTTP archive, as browsers and inspectors export it: the entry, or a whole archive of one.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Deserialize;

use super::{Capture, CaptureError, CaptureFlaw};
use crate::explain::encoding::{Space, from_base64, to_percent};

#[derive(Deserialize)]
struct Archive {
    log: Option<Log>,
    request: Option<Request>,
}

#[derive(Deserialize)]
struct Log {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    request: Request,
}

#[derive(Deserialize)]
struct Request {
    method: String,
    url: String,
    headers: Vec<Pair>,
    #[serde(rename = "postData")]
    post_data: Option<PostData>,
}

#[derive(Deserialize)]
struct Pair {
    name: String,
    #[serde(default)]
    value: String,
}

#[derive(Deserialize)]
struct PostData {
    text: Option<String>,
    encoding: Option<String>,
    #[serde(default)]
    params: Vec<Pair>,
}

pub(super) fn parse(text: &[u8]) -> Result<Capture, CaptureError> {
    let archive: Archive = serde_json::from_slice(text).map_err(|_| CaptureFlaw::NotHar)?;
    let request = match (archive.log, archive.request) {
        (Some(log), _) => {
            let mut entries = log.entries.into_iter();
            match (entries.next(), entries.next()) {
                (Some(entry), None) => entry.request,
                _ => return Err(CaptureFlaw::ManyEntries.into()),
            }
        }
        (None, Some(request)) => request,
        (None, None) => return Err(CaptureFlaw::NotHar.into()),
    };
    Ok(Capture {
        payload: request.post_data.map(payload).transpose()?.unwrap_or_default(),
        method: request.method,
        url: request.url,
        headers: request.headers.into_iter().map(|pair| (pair.name, pair.value)).collect(),
    })
}

fn payload(data: PostData) -> Result<Vec<u8>, CaptureError> {
    let Some(text) = data.text else {
        return Ok(form(&data.params));
    };
    if data.encoding.as_deref() == Some("base64") {
        return match text.trim() {
            "" => Ok(Vec::new()),
            text => from_base64(text.as_bytes()).ok_or(CaptureFlaw::HarBase64.into()),
        };
    }
    Ok(text.into_bytes())
}

/// A form of which only the fields were kept.
fn form(params: &[Pair]) -> Vec<u8> {
    let encode = |text: &String| to_percent(text.as_bytes(), Space::Plus);
    let fields =
        params.iter().map(|pair| [encode(&pair.name), b"=".to_vec(), encode(&pair.value)].concat());
    fields.collect::<Vec<_>>().join(&b'&')
}
