named! {
    /// A column of a scheme, by its path in the JavaScript object.
    #[non_exhaustive]
    pub enum Column {
        /// [`Scheme::name`](super::Scheme::name).
        Name = "name",
        /// [`SignatureHeader::name`](super::SignatureHeader::name).
        SignatureHeader = "signature.header",
        /// [`SignatureHeader::layout`](super::SignatureHeader::layout).
        Layout = "signature.form",
        /// [`Layout::Prefix`](super::Layout::Prefix).
        Prefix = "signature.form.prefix",
        /// The separator of [`Layout::List`](super::Layout::List).
        Separator = "signature.form.separator",
        /// The assignment sign of [`Layout::List`](super::Layout::List).
        Assign = "signature.form.assign",
        /// The candidates' name in [`Layout::List`](super::Layout::List).
        CandidateName = "signature.form.tag",
        /// [`TimestampSource::Header`](super::TimestampSource::Header).
        TimestampHeader = "timestamp.header",
        /// [`TimestampSource::Field`](super::TimestampSource::Field).
        TimestampField = "timestamp.field",
        /// [`IdSource::Header`](super::IdSource::Header), or the header that repeats the id of [`IdSource::Payload`](super::IdSource::Payload).
        IdHeader = "id.header",
        /// [`IdSource::Payload`](super::IdSource::Payload).
        IdPayload = "id.payload",
        /// [`Scheme::timestamp`](super::Scheme::timestamp).
        Timestamp = "timestamp",
        /// [`Scheme::id`](super::Scheme::id).
        Id = "id",
        /// [`Scheme::encoding`](super::Scheme::encoding).
        Encoding = "encoding",
        /// [`Scheme::secret`](super::Scheme::secret).
        Secret = "secret",
        /// [`Scheme::content`](super::Scheme::content).
        Content = "content",
        /// [`Scheme::tolerance_secs`](super::Scheme::tolerance_secs).
        Tolerance = "toleranceSeconds",
    }
}

named! {
    /// A fault of a column, as the second half of a sentence.
    #[non_exhaustive]
    pub enum Flaw {
        /// The name cannot begin a deduplication key.
        BadName = "must be 1 to 64 printable ASCII characters without ':'",
        /// It is not a valid header name.
        NotAHeader = "must be an HTTP header name",
        /// Two columns name one header.
        HeaderTaken = "names a header that another column names",
        /// It is empty.
        Empty = "must not be empty",
        /// A header cannot carry the text unchanged.
        NotPlain = "must be printable ASCII, with no space in front",
        /// It is not a character that can separate.
        NotASign = "must be one printable ASCII character that is no letter or digit",
        /// The separator is in the encoding's alphabet.
        InAlphabet = "must not be a character of base64",
        /// Separator and assignment sign are the same.
        SameSign = "must differ from separator",
        /// An entry's name contains the character that ends it.
        HoldsSign = "must not hold separator or assign",
        /// The timestamp's entry has the candidates' name.
        SameField = "must differ from tag",
        /// It is not one of the three layouts.
        NotALayout = "must be 'bare', { prefix } or { separator, assign, tag }",
        /// It is not a known encoding.
        NotAnEncoding = "must be 'hex' or 'base64'",
        /// It is not a known secret format.
        NotASecretFormat = "must be 'utf8', 'base64' or 'whsec'",
        /// It names no place for the timestamp, or both.
        NotATimestamp = "must be { header } or { field }",
        /// It names no place for the id.
        NotAnId = "must be { header }, { payload } or { payload, header }",
        /// It is not a known part of the content.
        NotAPart = "must hold only 'payload', 'timestamp', 'id' and { literal }",
        /// The payload is not signed exactly once.
        PayloadOnce = "must hold 'payload' once: what is not signed is not verified",
        /// The timestamp or id is signed twice.
        PartTwice = "must hold 'timestamp' and 'id' once at most",
        /// It has more parts than any provider signs.
        TooLong = "must have at most 8 parts",
        /// The content has a timestamp, and no column says where it is.
        NoTimestamp = "is needed, because the content has the timestamp",
        /// The content has an id, and no header carries it.
        NoIdHeader = "must name a header, because the content has the id",
        /// A field needs the list layout.
        NoList = "needs a signature form of { separator, assign, tag }",
        /// A tolerance needs a signed timestamp.
        NothingToTolerate = "has no meaning: the content has no timestamp",
        /// It is not a valid number of seconds.
        NotSeconds = "must be a number of seconds from 0 up",
        /// Bytes could move between the id and its neighbour.
        Adjoining = "must have a literal between 'id' and its neighbours: bytes could move across",
    }
}
