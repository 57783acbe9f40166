namespace Latchkey.Saml.Findings;

/// <summary>
/// Every finding there is, in one table. A code is stable and never used again for something else: administrators
/// search for it, and the knowledge base is keyed by it.
/// </summary>
/// <remarks>This file is as long as the table; it is meant to be read as one.</remarks>
public static class FindingKinds
{
    // Filled by the rows below in the order they are written, so it has to stand before them.
    private static readonly List<FindingKind> Table = [];

    // XML intake

    /// <summary>The message is longer than allowed.</summary>
    public static readonly FindingKind MessageTooLong = Refusal(
        "message-too-long",
        "X2",
        "The message is longer than allowed.",
        "Have the sender send a smaller message; if it is genuine, raise the limit.",
        "saml-core-2.0 §1.3"
    );

    /// <summary>The message is not in UTF-8.</summary>
    public static readonly FindingKind XmlEncoding = Refusal(
        "xml-encoding",
        "X1",
        "The message is not in UTF-8.",
        "Have the sender write its messages in UTF-8.",
        "saml-bindings-2.0 §3.1.1"
    );

    /// <summary>The message is not well-formed XML.</summary>
    public static readonly FindingKind XmlMalformed = Refusal(
        "xml-malformed",
        "X1",
        "The message is not well-formed XML.",
        "Have the sender mend its XML; something in between may also have cut or altered the message.",
        "XML 1.0 (4th ed.) §2.1"
    );

    /// <summary>The message holds a document type declaration.</summary>
    public static readonly FindingKind XmlDoctype = Refusal(
        "xml-doctype",
        "X1",
        "The message holds a document type declaration.",
        "No genuine SAML message has one. Treat the sender as hostile until proven otherwise.",
        "saml2int 2.0 SDP-G03"
    );

    /// <summary>The message holds a processing instruction.</summary>
    public static readonly FindingKind XmlProcessingInstruction = Refusal(
        "xml-processing-instruction",
        "X1",
        "The message holds a processing instruction.",
        "Have the sender leave processing instructions out; parsers disagree about what they do to a signature.",
        "saml-core-2.0 §5.4"
    );

    /// <summary>A namespace is undeclared, or declared in a way that is not allowed.</summary>
    public static readonly FindingKind XmlNamespace = Refusal(
        "xml-namespace",
        "X3",
        "A namespace is undeclared, or declared in a way that is not allowed.",
        "Have the sender declare every prefix with an absolute URI.",
        "Namespaces in XML 1.0 §3"
    );

    /// <summary>The message is more complex than allowed.</summary>
    public static readonly FindingKind XmlLimit = Refusal(
        "xml-limit",
        "X2",
        "The message is more complex than allowed.",
        "If the message is genuine, raise the limit that is named; otherwise it was made to exhaust the receiver.",
        "saml-core-2.0 §1.3"
    );

    /// <summary>Two elements carry the same ID.</summary>
    public static readonly FindingKind XmlDuplicateId = Refusal(
        "xml-duplicate-id",
        "X3",
        "Two elements carry the same ID.",
        "No genuine message has that. It is the mark of a signature wrapping attack, or of a faulty sender.",
        "saml-core-2.0 §1.3.4"
    );

    // Content model

    /// <summary>The message is of another type than the one expected here.</summary>
    public static readonly FindingKind MessageTypeUnexpected = Refusal(
        "message-type-unexpected",
        "S9",
        "The message is of another type than the one expected here.",
        "Have the sender send each message to the endpoint that its metadata names for it.",
        "saml-profiles-2.0 §4.1.4"
    );

    /// <summary>The message is SAML 1.1; only SAML 2.0 is spoken here.</summary>
    public static readonly FindingKind Saml1Message = Refusal(
        "saml-1-message",
        "P2",
        "The message is SAML 1.1; only SAML 2.0 is spoken here.",
        "Configure the other side for SAML 2.0.",
        "saml-core-2.0 §4.1"
    );

    /// <summary>The message or assertion names another version than 2.0.</summary>
    public static readonly FindingKind VersionUnsupported = Refusal(
        "version-unsupported",
        "P2",
        "The message or assertion names another version than 2.0.",
        "Configure the other side for SAML 2.0.",
        "saml-core-2.0 §4.1"
    );

    /// <summary>A required element is missing or not where the schema puts it.</summary>
    public static readonly FindingKind ElementMissing = Refusal(
        "element-missing",
        "X4",
        "A required element is missing or not where the schema puts it.",
        "Have the sender follow the SAML 2.0 schemas; the order of elements counts.",
        "saml-core-2.0 §1.2"
    );

    /// <summary>An element stands where the schema has no place for it.</summary>
    public static readonly FindingKind ElementUnexpected = Refusal(
        "element-unexpected",
        "X4",
        "An element stands where the schema has no place for it.",
        "Have the sender follow the SAML 2.0 schemas. An element out of place can also be the mark of a signature wrapping attack.",
        "saml-core-2.0 §1.2"
    );

    /// <summary>An element stands inside a value that is text only.</summary>
    public static readonly FindingKind ElementInText = Refusal(
        "element-in-text",
        "X4",
        "An element stands inside a value that is text only.",
        "Have the sender write the value as text.",
        "saml-core-2.0 §1.2"
    );

    /// <summary>Text stands between elements where the schema allows none.</summary>
    public static readonly FindingKind TextUnexpected = Refusal(
        "text-unexpected",
        "X4",
        "Text stands between elements where the schema allows none.",
        "Have the sender follow the SAML 2.0 schemas.",
        "saml-core-2.0 §1.2"
    );

    /// <summary>A required attribute is missing.</summary>
    public static readonly FindingKind AttributeMissing = Refusal(
        "attribute-missing",
        "X4",
        "A required attribute is missing.",
        "Have the sender write the attribute that is named.",
        "saml-core-2.0 §1.2"
    );

    /// <summary>A value is not of the type that the schema demands.</summary>
    public static readonly FindingKind ValueMalformed = Refusal(
        "value-malformed",
        "X4",
        "A value is not of the type that the schema demands.",
        "Have the sender write the value as the schema demands.",
        "saml-core-2.0 §1.3"
    );

    /// <summary>An ID is not a name as XML defines it.</summary>
    public static readonly FindingKind IdMalformed = Refusal(
        "id-malformed",
        "X3",
        "An ID is not a name as XML defines it.",
        "Have the sender make IDs that begin with a letter or an underscore and hold no colon.",
        "saml-core-2.0 §1.3.4"
    );

    /// <summary>A time is not written as an xs:dateTime with its time zone.</summary>
    public static readonly FindingKind TimeMalformed = Refusal(
        "time-malformed",
        "X4",
        "A time is not written as an xs:dateTime with its time zone.",
        "Have the sender write times in UTC, ending in Z.",
        "saml-core-2.0 §1.3.3"
    );

    // Signatures

    /// <summary>No signing certificate of the sender is configured, so nothing it signs can be verified.</summary>
    public static readonly FindingKind NoVerificationKey = Refusal(
        "no-verification-key",
        "S4",
        "No signing certificate of the sender is configured, so nothing it signs can be verified.",
        "Import the sender's metadata or its signing certificate.",
        "saml-metadata-2.0 §2.4.1.1"
    );

    /// <summary>The message carries no signature, and one is demanded.</summary>
    public static readonly FindingKind SignatureMissing = Refusal(
        "signature-missing",
        "S10",
        "The message carries no signature, and one is demanded.",
        "Have the sender sign, or change what is demanded of it.",
        "saml-profiles-2.0 §4.1.4.5"
    );

    /// <summary>The Response is not signed itself, and that is demanded.</summary>
    public static readonly FindingKind ResponseSignatureMissing = Refusal(
        "response-signature-missing",
        "S10",
        "The Response is not signed itself, and that is demanded.",
        "At the identity provider choose to sign the response, or change what is demanded.",
        "saml-profiles-2.0 §4.1.4.5"
    );

    /// <summary>The Assertion is not signed itself, and that is demanded.</summary>
    public static readonly FindingKind AssertionSignatureMissing = Refusal(
        "assertion-signature-missing",
        "S10",
        "The Assertion is not signed itself, and that is demanded.",
        "At the identity provider choose to sign the assertion, or change what is demanded.",
        "saml-profiles-2.0 §4.1.4.5"
    );

    /// <summary>The signature holds something that the SAML profile of XML Signature does not have.</summary>
    public static readonly FindingKind SignatureShape = Refusal(
        "signature-shape",
        "S5",
        "The signature holds something that the SAML profile of XML Signature does not have.",
        "Have the sender sign with one Reference, one SignatureValue, at most one KeyInfo and no Object.",
        "saml-core-2.0 §5.4"
    );

    /// <summary>The signature does not refer to the element it stands in, and to nothing else.</summary>
    public static readonly FindingKind SignatureReference = Refusal(
        "signature-reference",
        "S1",
        "The signature does not refer to the element it stands in, and to nothing else.",
        "Have the sender refer to the ID of the signed element itself. A reference elsewhere is the mark of a signature wrapping attack.",
        "saml-core-2.0 §5.4.2"
    );

    /// <summary>The signature uses other transforms than enveloped-signature followed by exclusive canonicalization.</summary>
    public static readonly FindingKind SignatureTransforms = Refusal(
        "signature-transforms",
        "S2",
        "The signature uses other transforms than enveloped-signature followed by exclusive canonicalization.",
        "Have the sender use just these two transforms, in this order.",
        "saml-core-2.0 §5.4.4"
    );

    /// <summary>The signature uses another canonicalization than exclusive XML canonicalization.</summary>
    public static readonly FindingKind SignatureCanonicalization = Refusal(
        "signature-canonicalization",
        "S2",
        "The signature uses another canonicalization than exclusive XML canonicalization.",
        "Have the sender use exclusive canonicalization 1.0.",
        "saml-core-2.0 §5.4.3"
    );

    /// <summary>The signature algorithm is not allowed.</summary>
    public static readonly FindingKind SignatureAlgorithm = Refusal(
        "signature-algorithm",
        "S3",
        "The signature algorithm is not allowed.",
        "Have the sender sign with RSA or ECDSA and SHA-256 or better.",
        "saml2int 2.0 SDP-ALG01"
    );

    /// <summary>The digest algorithm is not allowed.</summary>
    public static readonly FindingKind DigestAlgorithm = Refusal(
        "digest-algorithm",
        "S3",
        "The digest algorithm is not allowed.",
        "Have the sender use SHA-256 or better.",
        "saml2int 2.0 SDP-ALG01"
    );

    /// <summary>The signature uses SHA-1, which is allowed for this sender.</summary>
    public static readonly FindingKind Sha1Used = Warning(
        "sha1-used",
        "S3",
        "The signature uses SHA-1, which is allowed for this sender.",
        "Have the sender use SHA-256 and switch SHA-1 off again: it can be made to collide.",
        "saml2int 2.0 SDP-ALG01"
    );

    /// <summary>A digest or signature value is not proper base64 of the right length.</summary>
    public static readonly FindingKind SignatureValueMalformed = Refusal(
        "signature-value-malformed",
        "S5",
        "A digest or signature value is not proper base64 of the right length.",
        "Have the sender mend its signature; something in between may also have altered the message.",
        "xmldsig-core §4.2"
    );

    /// <summary>The signed element was changed after it was signed.</summary>
    public static readonly FindingKind DigestMismatch = Refusal(
        "digest-mismatch",
        "S8",
        "The signed element was changed after it was signed.",
        "Look for what rewrites messages on their way; if nothing does, treat the message as forged.",
        "xmldsig-core §3.2.1"
    );

    /// <summary>The signature was not made with any signing key configured for the sender.</summary>
    public static readonly FindingKind SignatureInvalid = Refusal(
        "signature-invalid",
        "S8",
        "The signature was not made with any signing key configured for the sender.",
        "Compare the sender's present signing certificate with the configured ones; it may have been renewed. Otherwise treat the message as forged.",
        "xmldsig-core §3.2.2"
    );

    /// <summary>The verified octets are not what they were read as.</summary>
    public static readonly FindingKind CanonicalFormUnstable = Refusal(
        "canonical-form-unstable",
        "S7",
        "The verified octets are not what they were read as.",
        "No genuine message does this. Keep the message and report it.",
        "xml-exc-c14n §3"
    );

    // Bindings

    /// <summary>The message is not proper base64.</summary>
    public static readonly FindingKind Base64Malformed = Refusal(
        "base64-malformed",
        "B2",
        "The message is not proper base64.",
        "Have the sender encode the message in base64, and see that nothing in between turns + into a space.",
        "saml-bindings-2.0 §3.5.4"
    );

    /// <summary>A parameter of the Redirect binding is missing.</summary>
    public static readonly FindingKind QueryParameterMissing = Refusal(
        "query-parameter-missing",
        "B1",
        "A parameter of the Redirect binding is missing.",
        "Have the sender send the parameter that is named.",
        "saml-bindings-2.0 §3.4.4.1"
    );

    /// <summary>A parameter of the Redirect binding appears more than once, or together with one that excludes it.</summary>
    public static readonly FindingKind QueryParameterRepeated = Refusal(
        "query-parameter-repeated",
        "B1",
        "A parameter of the Redirect binding appears more than once, or together with one that excludes it.",
        "Have the sender send each parameter once, and either SAMLRequest or SAMLResponse.",
        "saml-bindings-2.0 §3.4.4.1"
    );

    /// <summary>A parameter of the Redirect binding is not properly URL-encoded.</summary>
    public static readonly FindingKind QueryParameterMalformed = Refusal(
        "query-parameter-malformed",
        "B1",
        "A parameter of the Redirect binding is not properly URL-encoded.",
        "Have the sender URL-encode the value once, and see that nothing in between decodes or encodes it again.",
        "saml-bindings-2.0 §3.4.4.1"
    );

    /// <summary>SAMLEncoding names another encoding than DEFLATE.</summary>
    public static readonly FindingKind QueryEncodingUnsupported = Refusal(
        "query-encoding-unsupported",
        "B1",
        "SAMLEncoding names another encoding than DEFLATE.",
        "Have the sender use the DEFLATE encoding.",
        "saml-bindings-2.0 §3.4.4"
    );

    /// <summary>The message came by Redirect without being compressed first.</summary>
    public static readonly FindingKind RequestNotDeflated = Refusal(
        "request-not-deflated",
        "B1",
        "The message came by Redirect without being compressed first.",
        "Switch on compression (DEFLATE) of Redirect messages at the sender, or let it use the POST binding.",
        "saml-bindings-2.0 §3.4.4.1"
    );

    /// <summary>The message cannot be decompressed.</summary>
    public static readonly FindingKind DeflateMalformed = Refusal(
        "deflate-malformed",
        "B1",
        "The message cannot be decompressed.",
        "Have the sender compress with raw DEFLATE (no zlib or gzip header), and nothing after it.",
        "saml-bindings-2.0 §3.4.4.1"
    );

    /// <summary>RelayState is longer than allowed.</summary>
    public static readonly FindingKind RelayStateTooLong = Refusal(
        "relay-state-too-long",
        "X2",
        "RelayState is longer than allowed.",
        "Have the sender send a short reference instead of the data itself.",
        "saml-bindings-2.0 §3.4.3"
    );

    /// <summary>RelayState is longer than the specification allows; it is passed on as it is.</summary>
    public static readonly FindingKind RelayStateLong = Warning(
        "relay-state-long",
        "P9",
        "RelayState is longer than the specification allows; it is passed on as it is.",
        "Nothing, unless the other side loses it: then have it send a reference of at most 80 bytes.",
        "saml-bindings-2.0 §3.4.3"
    );

    /// <summary>A field of the form is missing, repeated, or there beside one that excludes it.</summary>
    public static readonly FindingKind FormFieldWrong = Refusal(
        "form-field-wrong",
        "B2",
        "A field of the form is missing, repeated, or there beside one that excludes it.",
        "Have the sender post one SAMLRequest or one SAMLResponse, and RelayState at most once.",
        "saml-bindings-2.0 §3.5.4"
    );

    /// <summary>The message uses the binding HTTP-POST-SimpleSign, which is not supported.</summary>
    public static readonly FindingKind PostSimpleSign = Refusal(
        "post-simple-sign-unsupported",
        "B2",
        "The message uses the binding HTTP-POST-SimpleSign, which is not supported.",
        "Have the sender use HTTP-POST, or HTTP-Redirect for requests.",
        "sstc-saml-binding-simplesign §2"
    );

    /// <summary>The body is not an envelope of SOAP 1.1.</summary>
    public static readonly FindingKind SoapExpected = Refusal(
        "soap-expected",
        "B3",
        "The body is not an envelope of SOAP 1.1.",
        "Have the sender send one message in a SOAP 1.1 envelope as text/xml; see that no error page of a proxy took its place.",
        "saml-bindings-2.0 §3.2.2"
    );

    /// <summary>The other side answered with a SOAP fault.</summary>
    public static readonly FindingKind SoapFault = Refusal(
        "soap-fault",
        "B3",
        "The other side answered with a SOAP fault.",
        "The log of the other side says what it could not do.",
        "saml-bindings-2.0 §3.2.3.3"
    );

    /// <summary>The envelope holds a header that has to be understood, and is not.</summary>
    public static readonly FindingKind SoapHeaderUnknown = Refusal(
        "soap-header-not-understood",
        "B3",
        "The envelope holds a header that has to be understood, and is not.",
        "Have the sender leave SOAP headers out, or not mark them mustUnderstand.",
        "saml-bindings-2.0 §3.2.2"
    );

    /// <summary>The artifact is not 44 bytes in base64.</summary>
    public static readonly FindingKind ArtifactMalformed = Refusal(
        "artifact-malformed",
        "B4",
        "The artifact is not 44 bytes in base64.",
        "See that nothing on the way cuts or re-encodes the parameter SAMLart.",
        "saml-bindings-2.0 §3.6.4.2"
    );

    /// <summary>The artifact is of another type than 4.</summary>
    public static readonly FindingKind ArtifactTypeUnsupported = Refusal(
        "artifact-type-unsupported",
        "B4",
        "The artifact is of another type than 4.",
        "Have the sender make artifacts of type 4, the only one of SAML 2.0.",
        "saml-bindings-2.0 §3.6.4"
    );

    /// <summary>The artifact names a sender that is not registered here.</summary>
    public static readonly FindingKind ArtifactIssuerUnknown = Refusal(
        "artifact-issuer-unknown",
        "B4",
        "The artifact names a sender that is not registered here.",
        "Import the sender's metadata. Its SourceID has to be the SHA-1 of its entity ID.",
        "saml-bindings-2.0 §3.6.4.2"
    );

    /// <summary>The artifact names an endpoint that its sender has not registered.</summary>
    public static readonly FindingKind ArtifactEndpointUnknown = Refusal(
        "artifact-endpoint-unregistered",
        "B4",
        "The artifact names an endpoint that its sender has not registered.",
        "Import the sender's present metadata with its ArtifactResolutionService.",
        "saml-metadata-2.0 §2.4.1"
    );

    /// <summary>The sender of the artifact did not give out the message behind it.</summary>
    public static readonly FindingKind ArtifactUnresolved = Refusal(
        "artifact-unresolved",
        "B4",
        "The sender of the artifact did not give out the message behind it.",
        "Start the sign-in anew: an artifact works once and for a short time. If it happens every time, the log of the sender says why.",
        "saml-core-2.0 §3.5.3"
    );

    // Every message

    /// <summary>The message does not say who sent it.</summary>
    public static readonly FindingKind IssuerMissing = Refusal(
        "issuer-missing",
        "P2",
        "The message does not say who sent it.",
        "Have the sender write its entity ID into Issuer.",
        "saml-profiles-2.0 §4.1.4.1"
    );

    /// <summary>The message was issued by another entity than the one expected.</summary>
    public static readonly FindingKind IssuerMismatch = Refusal(
        "issuer-mismatch",
        "P2",
        "The message was issued by another entity than the one expected.",
        "Compare the entity IDs on both sides; they have to be the same character by character, trailing slash included.",
        "saml-core-2.0 §2.2.5"
    );

    /// <summary>The Issuer's format is not that of an entity.</summary>
    public static readonly FindingKind IssuerFormat = Refusal(
        "issuer-format",
        "P2",
        "The Issuer's format is not that of an entity.",
        "Have the sender leave the Format of its Issuer out.",
        "saml-profiles-2.0 §4.1.4.2"
    );

    /// <summary>The message is signed, and does not say where it was sent.</summary>
    public static readonly FindingKind DestinationMissing = Refusal(
        "destination-missing",
        "P3",
        "The message is signed, and does not say where it was sent.",
        "Have the sender write Destination.",
        "saml-bindings-2.0 §3.5.5.2"
    );

    /// <summary>The message was meant for another address.</summary>
    public static readonly FindingKind DestinationMismatch = Refusal(
        "destination-mismatch",
        "P3",
        "The message was meant for another address.",
        "Compare the addresses on both sides; they have to be the same character by character.",
        "saml-bindings-2.0 §3.5.5.2"
    );

    /// <summary>The message was made in the future.</summary>
    public static readonly FindingKind IssuedInFuture = Refusal(
        "issued-in-future",
        "P5",
        "The message was made in the future.",
        "Set both clocks by NTP. A difference of whole hours is a time-zone fault at the sender.",
        "saml2int 2.0 SDP-G01"
    );

    // AuthnRequests

    /// <summary>The request is too old.</summary>
    public static readonly FindingKind RequestExpired = Refusal(
        "request-expired",
        "P1",
        "The request is too old.",
        "Start the sign-in anew at the application. If it happens every time, set both clocks by NTP.",
        "saml-core-2.0 §3.2.1"
    );

    /// <summary>The request names the user to sign in in a way that is not supported.</summary>
    public static readonly FindingKind RequestSubjectUnsupported = Refusal(
        "request-subject-unsupported",
        "I2",
        "The request names the user to sign in in a way that is not supported.",
        "Have the service provider name the user by a NameID and nothing else, or leave Subject out of its requests.",
        "saml-core-2.0 §3.4.1.4"
    );

    /// <summary>The request asks for an authentication context by declaration, which is not supported.</summary>
    public static readonly FindingKind RequestContextUnsupported = Refusal(
        "request-context-unsupported",
        "I2",
        "The request asks for an authentication context by declaration, which is not supported.",
        "Have the service provider ask by class, or not at all.",
        "saml-core-2.0 §3.3.2.2.1"
    );

    /// <summary>The request names the place for the Response both by index and by address or binding.</summary>
    public static readonly FindingKind ConsumerServiceAmbiguous = Refusal(
        "acs-ambiguous",
        "I1",
        "The request names the place for the Response both by index and by address or binding.",
        "Have the service provider name it one way only.",
        "saml-core-2.0 §3.4.1"
    );

    /// <summary>The request asks for the Response at an address that is not registered.</summary>
    public static readonly FindingKind ConsumerServiceUrlUnknown = Refusal(
        "acs-url-unregistered",
        "I1",
        "The request asks for the Response at an address that is not registered.",
        "If the address is genuine, add it to the application's ACS URLs; they have to be the same character by character.",
        "saml-core-2.0 §3.4.1"
    );

    /// <summary>The request asks for the Response by a binding that is not registered.</summary>
    public static readonly FindingKind ConsumerServiceBindingUnknown = Refusal(
        "acs-binding-unregistered",
        "I1",
        "The request asks for the Response by a binding that is not registered.",
        "Have the service provider ask for HTTP-POST, or for none.",
        "saml-core-2.0 §3.4.1"
    );

    /// <summary>The request asks for the Response at an index that is not registered.</summary>
    public static readonly FindingKind ConsumerServiceIndexUnknown = Refusal(
        "acs-index-unregistered",
        "I1",
        "The request asks for the Response at an index that is not registered.",
        "Import the service provider's present metadata.",
        "saml-core-2.0 §3.4.1"
    );

    /// <summary>No assertion consumer service is registered that a Response could be sent to.</summary>
    public static readonly FindingKind ConsumerServiceNone = Refusal(
        "acs-none-registered",
        "I1",
        "No assertion consumer service is registered that a Response could be sent to.",
        "Add the service provider's ACS URL.",
        "saml-metadata-2.0 §2.4.4"
    );

    // Logout

    /// <summary>The time for the logout request is over.</summary>
    public static readonly FindingKind LogoutExpired = Refusal(
        "logout-expired",
        "B3",
        "The time for the logout request is over.",
        "Sign out anew. If it happens every time, set both clocks by NTP.",
        "saml-core-2.0 §3.7.1"
    );

    /// <summary>The logout request names the user in a way that is not supported.</summary>
    public static readonly FindingKind LogoutSubjectUnsupported = Refusal(
        "logout-subject-unsupported",
        "B3",
        "The logout request names the user in a way that is not supported.",
        "Have the sender name the user by the NameID of the assertion.",
        "saml-core-2.0 §3.7.1"
    );

    // Responses

    /// <summary>The identity provider did not sign the user in.</summary>
    public static readonly FindingKind StatusNotSuccess = Refusal(
        "status-not-success",
        "P2",
        "The identity provider did not sign the user in.",
        "The status says why; the identity provider's log says more.",
        "saml-core-2.0 §3.2.2"
    );

    /// <summary>The Response holds no Assertion.</summary>
    public static readonly FindingKind AssertionMissing = Refusal(
        "assertion-missing",
        "P2",
        "The Response holds no Assertion.",
        "Have the identity provider send one Assertion with each successful Response.",
        "saml-profiles-2.0 §4.1.4.2"
    );

    /// <summary>The Response holds more than one Assertion.</summary>
    public static readonly FindingKind AssertionRepeated = Refusal(
        "assertion-repeated",
        "P2",
        "The Response holds more than one Assertion.",
        "Have the identity provider send exactly one.",
        "saml2int 2.0 SDP-IDP10"
    );

    /// <summary>The Assertion is encrypted, and no decryption key is configured.</summary>
    public static readonly FindingKind AssertionEncrypted = Refusal(
        "assertion-encrypted",
        "E1",
        "The Assertion is encrypted, and no decryption key is configured.",
        "Configure the key whose certificate the identity provider encrypts for, or switch encryption off for this service provider there.",
        "saml-core-2.0 §2.3.4"
    );

    /// <summary>The NameID is encrypted, and no decryption key is configured.</summary>
    public static readonly FindingKind NameIdEncrypted = Refusal(
        "name-id-encrypted",
        "E1",
        "The NameID is encrypted, and no decryption key is configured.",
        "Configure the key whose certificate the identity provider encrypts for, or switch encryption off for this service provider there.",
        "saml-core-2.0 §2.2.4"
    );

    /// <summary>An attribute is encrypted, and no decryption key is configured.</summary>
    public static readonly FindingKind AttributeEncrypted = Refusal(
        "attribute-encrypted",
        "E1",
        "An attribute is encrypted, and no decryption key is configured.",
        "Configure the key whose certificate the identity provider encrypts for, or switch encryption off for this service provider there.",
        "saml-core-2.0 §2.7.3.2"
    );

    /// <summary>The encrypted element holds something that the SAML profile of XML Encryption does not have.</summary>
    public static readonly FindingKind EncryptionShape = Refusal(
        "encryption-shape",
        "E3",
        "The encrypted element holds something that the SAML profile of XML Encryption does not have.",
        "Have the sender encrypt one whole element, with its key and the ciphertext as CipherValue in the message.",
        "saml-core-2.0 §6"
    );

    /// <summary>The encryption algorithm is not allowed.</summary>
    public static readonly FindingKind EncryptionAlgorithm = Refusal(
        "encryption-algorithm",
        "E2",
        "The encryption algorithm is not allowed.",
        "Have the sender encrypt with AES-GCM and RSA-OAEP. If it knows AES-CBC only and signs its Responses, AES-CBC can be switched on.",
        "saml2int 2.0 SDP-ALG01"
    );

    /// <summary>AES-CBC is used where no verified signature covers the ciphertext.</summary>
    public static readonly FindingKind EncryptionUnauthenticated = Refusal(
        "encryption-unauthenticated",
        "E2",
        "AES-CBC is used where no verified signature covers the ciphertext.",
        "Have the sender sign the Response too, or better, encrypt with AES-GCM.",
        "saml2int 2.0 SDP-ALG01"
    );

    /// <summary>The encrypted element cannot be decrypted with any configured key.</summary>
    public static readonly FindingKind DecryptionFailed = Refusal(
        "decryption-failed",
        "E2",
        "The encrypted element cannot be decrypted with any configured key.",
        "Compare the certificate that the sender encrypts for with the configured ones; it may have an old one. Otherwise treat the message as forged.",
        "xmlenc-core1 §4.4"
    );

    /// <summary>What was encrypted is not the element that belongs there.</summary>
    public static readonly FindingKind DecryptedContent = Refusal(
        "decrypted-content",
        "E3",
        "What was encrypted is not the element that belongs there.",
        "Have the sender encrypt exactly one assertion, NameID or attribute.",
        "saml-core-2.0 §6.1"
    );

    /// <summary>The Response answers no request of ours, and such Responses are switched off.</summary>
    public static readonly FindingKind ResponseUnsolicited = Refusal(
        "response-unsolicited",
        "P1",
        "The Response answers no request of ours, and such Responses are switched off.",
        "Start at the application, or allow sign-in started by the identity provider.",
        "saml-profiles-2.0 §4.1.5"
    );

    /// <summary>The Response does not say which request it answers, though one is pending.</summary>
    public static readonly FindingKind InResponseToMissing = Refusal(
        "in-response-to-missing",
        "P4",
        "The Response does not say which request it answers, though one is pending.",
        "Have the identity provider write InResponseTo into the Response and into the bearer confirmation.",
        "saml-profiles-2.0 §4.1.4.2"
    );

    /// <summary>The Response answers another request than the pending one.</summary>
    public static readonly FindingKind InResponseToMismatch = Refusal(
        "in-response-to-mismatch",
        "P4",
        "The Response answers another request than the pending one.",
        "Start the sign-in anew in one window. Two windows, the back button or a lost cookie do this.",
        "saml-profiles-2.0 §4.1.4.3"
    );

    /// <summary>The Assertion has no Subject.</summary>
    public static readonly FindingKind SubjectMissing = Refusal(
        "subject-missing",
        "P4",
        "The Assertion has no Subject.",
        "Have the identity provider write a Subject with a bearer confirmation.",
        "saml-profiles-2.0 §4.1.4.2"
    );

    /// <summary>The Assertion has no bearer confirmation.</summary>
    public static readonly FindingKind BearerMissing = Refusal(
        "bearer-missing",
        "P4",
        "The Assertion has no bearer confirmation.",
        "Have the identity provider confirm the Subject by the bearer method.",
        "saml-profiles-2.0 §4.1.4.2"
    );

    /// <summary>The bearer confirmation holds NotBefore.</summary>
    public static readonly FindingKind BearerNotBefore = Refusal(
        "bearer-not-before",
        "P4",
        "The bearer confirmation holds NotBefore.",
        "Have the identity provider leave it out.",
        "saml-profiles-2.0 §4.1.4.2"
    );

    /// <summary>The bearer confirmation holds no NotOnOrAfter.</summary>
    public static readonly FindingKind BearerWithoutEnd = Refusal(
        "bearer-without-end",
        "P4",
        "The bearer confirmation holds no NotOnOrAfter.",
        "Have the identity provider write it.",
        "saml-profiles-2.0 §4.1.4.2"
    );

    /// <summary>The time for delivering the Assertion is over.</summary>
    public static readonly FindingKind BearerExpired = Refusal(
        "bearer-expired",
        "P4",
        "The time for delivering the Assertion is over.",
        "Start the sign-in anew. If it happens every time, set both clocks by NTP.",
        "saml-profiles-2.0 §4.1.4.3"
    );

    /// <summary>The Assertion may be delivered at another address only.</summary>
    public static readonly FindingKind RecipientMismatch = Refusal(
        "recipient-mismatch",
        "P4",
        "The Assertion may be delivered at another address only.",
        "Compare the ACS URL at the identity provider with ours, character by character.",
        "saml-profiles-2.0 §4.1.4.3"
    );

    /// <summary>The Assertion has no Conditions.</summary>
    public static readonly FindingKind ConditionsMissing = Refusal(
        "conditions-missing",
        "P5",
        "The Assertion has no Conditions.",
        "Have the identity provider write Conditions with an AudienceRestriction.",
        "saml-profiles-2.0 §4.1.4.2"
    );

    /// <summary>The Assertion holds a condition that is not understood here.</summary>
    public static readonly FindingKind ConditionUnknown = Refusal(
        "condition-unknown",
        "P5",
        "The Assertion holds a condition that is not understood here.",
        "Have the identity provider leave it out: what is not understood cannot be kept.",
        "saml-core-2.0 §2.5.1.1"
    );

    /// <summary>The Assertion's validity ends before it begins.</summary>
    public static readonly FindingKind ConditionsEmptyWindow = Refusal(
        "conditions-empty-window",
        "P5",
        "The Assertion's validity ends before it begins.",
        "Have the identity provider mend its settings of validity.",
        "saml-core-2.0 §2.5.1.2"
    );

    /// <summary>The Assertion is not valid yet.</summary>
    public static readonly FindingKind NotYetValid = Refusal(
        "not-yet-valid",
        "P5",
        "The Assertion is not valid yet.",
        "Set both clocks by NTP. A difference of whole hours is a time-zone fault at the identity provider.",
        "saml-core-2.0 §2.5.1.2"
    );

    /// <summary>The Assertion is no longer valid.</summary>
    public static readonly FindingKind Expired = Refusal(
        "expired",
        "P5",
        "The Assertion is no longer valid.",
        "Start the sign-in anew. If it happens every time, set both clocks by NTP.",
        "saml-core-2.0 §2.5.1.2"
    );

    /// <summary>The Assertion does not say whom it is for.</summary>
    public static readonly FindingKind AudienceMissing = Refusal(
        "audience-missing",
        "P5",
        "The Assertion does not say whom it is for.",
        "Have the identity provider write an AudienceRestriction with our entity ID.",
        "saml-profiles-2.0 §4.1.4.2"
    );

    /// <summary>The Assertion is meant for another service provider.</summary>
    public static readonly FindingKind AudienceMismatch = Refusal(
        "audience-mismatch",
        "P5",
        "The Assertion is meant for another service provider.",
        "Compare our entity ID with the Audience at the identity provider, character by character.",
        "saml-core-2.0 §2.5.1.4"
    );

    /// <summary>The Assertion does not say that somebody signed in.</summary>
    public static readonly FindingKind AuthnStatementMissing = Refusal(
        "authn-statement-missing",
        "P6",
        "The Assertion does not say that somebody signed in.",
        "Have the identity provider write an AuthnStatement.",
        "saml-profiles-2.0 §4.1.4.2"
    );

    /// <summary>The session that the Assertion speaks of is over.</summary>
    public static readonly FindingKind SessionExpired = Refusal(
        "session-expired",
        "P6",
        "The session that the Assertion speaks of is over.",
        "Start the sign-in anew. If it happens every time, set both clocks by NTP.",
        "saml-core-2.0 §2.7.2"
    );

    /// <summary>The user signed in by a way that is not accepted here.</summary>
    public static readonly FindingKind AuthnContextRefused = Refusal(
        "authn-context-refused",
        "P6",
        "The user signed in by a way that is not accepted here.",
        "Have the identity provider ask for a stronger sign-in, or accept its way.",
        "saml-core-2.0 §2.7.2.2"
    );

    // At the service provider: rules that need a store, a browser or the application's wishes

    /// <summary>No form with one SAMLResponse arrived.</summary>
    public static readonly FindingKind ResponseFormWrong = Refusal(
        "response-form-wrong",
        "B2",
        "No form with one SAMLResponse arrived.",
        "Have Responses sent by HTTP-POST, once, in one SAMLResponse field. This address is not meant to be opened directly.",
        "saml-bindings-2.0 §3.5.4"
    );

    /// <summary>The Assertion was used before.</summary>
    public static readonly FindingKind AssertionReplayed = Refusal(
        "assertion-replayed",
        "P7",
        "The Assertion was used before.",
        "Start the sign-in anew. If nobody pressed Back or reloaded, somebody may have copied the Assertion.",
        "saml-profiles-2.0 §4.1.4.5"
    );

    /// <summary>The request was answered before.</summary>
    public static readonly FindingKind RequestAnswered = Refusal(
        "request-answered",
        "P1",
        "The request was answered before.",
        "Start the sign-in anew. If nobody pressed Back or reloaded, somebody may have copied the Response.",
        "saml-profiles-2.0 §4.1.4.5"
    );

    /// <summary>The user was not asked anew who they are, though that was demanded.</summary>
    public static readonly FindingKind AuthnNotFresh = Refusal(
        "authn-not-fresh",
        "P6",
        "The user was not asked anew who they are, though that was demanded.",
        "Make the identity provider honour ForceAuthn for this service provider.",
        "saml-core-2.0 §3.4.1"
    );

    /// <summary>An attribute that the service provider needs did not arrive.</summary>
    public static readonly FindingKind AttributeNotSent = Refusal(
        "attribute-not-sent",
        "U-19",
        "An attribute that the service provider needs did not arrive.",
        "Have the identity provider send the attribute under exactly this name; capitals count.",
        "saml-core-2.0 §2.7.3"
    );

    // Metadata

    /// <summary>The document is not SAML 2.0 metadata.</summary>
    public static readonly FindingKind MetadataExpected = Refusal(
        "metadata-expected",
        "S9",
        "The document is not SAML 2.0 metadata.",
        "Give the file or address that the other side calls its SAML metadata; the root element is EntityDescriptor or EntitiesDescriptor.",
        "saml-metadata-2.0 §2.3"
    );

    /// <summary>The metadata is no longer valid.</summary>
    public static readonly FindingKind MetadataExpired = Refusal(
        "metadata-expired",
        "M2",
        "The metadata is no longer valid.",
        "Get the present metadata from the other side.",
        "saml-metadata-2.0 §2.3.2"
    );

    /// <summary>The entity is neither a SAML 2.0 identity provider nor a SAML 2.0 service provider.</summary>
    public static readonly FindingKind MetadataRoleMissing = Refusal(
        "metadata-role-missing",
        "M2",
        "The entity is neither a SAML 2.0 identity provider nor a SAML 2.0 service provider.",
        "Have the other side publish an IDPSSODescriptor or SPSSODescriptor that supports urn:oasis:names:tc:SAML:2.0:protocol.",
        "saml-metadata-2.0 §2.4.1"
    );

    /// <summary>The role has no endpoint that messages may be sent to.</summary>
    public static readonly FindingKind MetadataEndpointMissing = Refusal(
        "metadata-endpoint-missing",
        "I3",
        "The role has no endpoint that messages may be sent to.",
        "Have the other side publish an https endpoint: SingleSignOnService for an identity provider, AssertionConsumerService for a service provider.",
        "saml-metadata-2.0 §2.4.3, §2.4.4"
    );

    /// <summary>An entity among several cannot be used and was left out.</summary>
    public static readonly FindingKind MetadataEntityLeftOut = Warning(
        "metadata-entity-left-out",
        "M2",
        "An entity among several cannot be used and was left out.",
        "Nothing, unless it is the one you are looking for; then import its own metadata to see what is wrong with it.",
        "saml-metadata-2.0 §2.3.1"
    );

    /// <summary>An endpoint's address is not one that messages may be sent to; the endpoint was left out.</summary>
    public static readonly FindingKind MetadataEndpointAddress = Warning(
        "metadata-endpoint-address",
        "I3",
        "An endpoint's address is not one that messages may be sent to; the endpoint was left out.",
        "Have the other side use an absolute https address without user name and fragment; plain http is for loopback only.",
        "saml-metadata-2.0 §2.2.2"
    );

    /// <summary>A certificate cannot be read and was left out.</summary>
    public static readonly FindingKind MetadataCertificateUnreadable = Warning(
        "metadata-certificate-unreadable",
        "S4",
        "A certificate cannot be read and was left out.",
        "Have the other side publish the certificate as the base64 of its DER form.",
        "saml-metadata-2.0 §2.4.1.1"
    );

    /// <summary>A certificate's key is too weak or of a kind that is not supported, and was left out.</summary>
    public static readonly FindingKind MetadataKeyRefused = Warning(
        "metadata-key-refused",
        "S3",
        "A certificate's key is too weak or of a kind that is not supported, and was left out.",
        "Have the other side use an RSA key of at least 2048 bits, or one on P-256, P-384 or P-521.",
        "saml2int 2.0 SDP-MD06"
    );

    /// <summary>The metadata carries no signature, although its publisher's key is pinned.</summary>
    public static readonly FindingKind MetadataSignatureMissing = Refusal(
        "metadata-signature-missing",
        "M2",
        "The metadata carries no signature, although its publisher's key is pinned.",
        "Get the signed metadata from its publisher; the signature stands first in the root element. Give up the pinned key only if the publisher does not sign.",
        "saml-metadata-2.0 §3"
    );

    /// <summary>The metadata does not say until when it is valid, so that an old file could be played back forever.</summary>
    public static readonly FindingKind MetadataValidUntilMissing = Refusal(
        "metadata-valid-until-missing",
        "M2",
        "The metadata does not say until when it is valid, so that an old file could be played back forever.",
        "Have the publisher write validUntil at the root element.",
        "saml2int 2.0 SDP-MD03"
    );

    /// <summary>The metadata claims to be valid for longer than is allowed here.</summary>
    public static readonly FindingKind MetadataValidTooLong = Refusal(
        "metadata-valid-too-long",
        "M2",
        "The metadata claims to be valid for longer than is allowed here.",
        "Have the publisher write a nearer validUntil, or allow a longer one.",
        "saml2int 2.0 SDP-MD03"
    );

    /// <summary>The metadata is not of the entity that was asked for.</summary>
    public static readonly FindingKind MetadataEntityMissing = Refusal(
        "metadata-entity-missing",
        "M2",
        "The metadata is not of the entity that was asked for.",
        "Compare the entity ID with the one that the other side names, letter by letter; then look whether this is the right file or address.",
        "saml-metadata-2.0 §2.3.2"
    );

    /// <summary>The metadata describes the entity that was asked for more than once.</summary>
    public static readonly FindingKind MetadataEntityTwice = Refusal(
        "metadata-entity-twice",
        "M2",
        "The metadata describes the entity that was asked for more than once.",
        "Have the publisher of the metadata remove one of them; which of the two is meant cannot be guessed.",
        "saml-metadata-2.0 §2.3.1"
    );

    /// <summary>The whole table, in order.</summary>
    public static IReadOnlyList<FindingKind> All { get; } = Table.AsReadOnly();

    private static FindingKind Refusal(
        string code,
        string rule,
        string title,
        string remedy,
        string specification
    ) => Add(new FindingKind(code, rule, Severity.Refusal, title, remedy, specification));

    private static FindingKind Warning(
        string code,
        string rule,
        string title,
        string remedy,
        string specification
    ) => Add(new FindingKind(code, rule, Severity.Warning, title, remedy, specification));

    private static FindingKind Add(FindingKind kind)
    {
        Table.Add(kind);
        return kind;
    }
}
