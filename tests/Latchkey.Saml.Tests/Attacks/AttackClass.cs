namespace Latchkey.Saml.Tests.Attacks;

/// <summary>A kind of attack that was found in real products, and the kept messages that try it here.</summary>
/// <param name="Section">The heading on the page about attacks.</param>
/// <param name="What">What the attacker does.</param>
/// <param name="Known">Where it was found: CVE and advisory numbers, products.</param>
/// <param name="Rules">The rules that stop it.</param>
/// <param name="Files">Folders, or the beginnings of names, of the kept messages.</param>
internal sealed record AttackClass(string Section, string What, string Known, string Rules, params string[] Files)
{
    public const string Reading = "Reading something other than what was signed";
    public const string Keys = "No signature, wrong key, wrong algorithm";
    public const string Xml = "XML features and resources";
    public const string Encryption = "Encryption";
    public const string Meaning = "What the message means";

    /// <summary>The security rules' catalogue, as far as it lives in a message.</summary>
    public static IReadOnlyList<AttackClass> All { get; } =
    [
        new(Reading, "Signature wrapping in its eight classic forms and their permutations: the signed element is moved, an evil one stands where a careless reader looks", "CVE-2011-1411 Shibboleth and OpenSAML, CVE-2015-5253 CXF, CVE-2016-5697 ruby-saml, CVE-2016-1000253 php-saml, CVE-2017-1000452 and CVE-2025-47949 samlify, CVE-2020-5390 and CVE-2021-21238 pysaml2, CVE-2020-5407 Spring Security, CVE-2020-13415 Aviatrix, CVE-2022-41912 crewjam/saml, CVE-2024-6202 HaloITSM, CVE-2024-6800 GitHub Enterprise Server, CVE-2025-46572 passport-wsfed-saml2, CVE-2026-25922 and CVE-2026-47201 authentik; Somorovsky et al., USENIX Security 2012", "X3 X4 S1 S7 S8 P2", "wrapping/"),
        new(Reading, "The position of a signature decides what counts as signed; a smuggled DigestValue", "CVE-2024-8698 Keycloak, CVE-2024-45409 ruby-saml", "S1 S5", "position/", "references/", "values/digest-elsewhere"),
        new(Reading, "The first signature is checked and the rest ignored; other things that the identity provider signed are reused", "CVE-2022-39299 passport-saml and node-saml, CVE-2025-24894 and CVE-2025-24895 SPID and CIE for ASP.NET Core, CVE-2024-6800 GitHub Enterprise Server", "S1 S8 S9", "other-signed/", "unsigned/good-"),
        new(Reading, "Claims are loaded from the original document after verifying, or verified and unverified parts stand side by side", "CVE-2025-54369 and CVE-2025-54419 node-saml; dex with goxmldsig", "S7", "tampered/", "wrapping/xsw3", "wrapping/xsw7"),
        new(Reading, "A comment ends a name early", "CVE-2017-11427 to CVE-2017-11430, CVE-2018-0489, CVE-2018-5387, CVE-2018-7340, CVE-2018-20857; VU#475445", "S7 X4", "comments/"),
        new(Reading, "A processing instruction that one parser reads and another leaves out", "xml-crypto", "X1 S7", "processing-instructions/"),
        new(Reading, "A decoy Signature: the enveloped-signature transform takes out more than its own", "reported against xml-crypto; error Responses signed by Keycloak, Ping and AD FS as carriers", "S2 S5 S8 P2", "decoys/", "other-signed/error-response"),
        new(Reading, "Two parsers that read a document type or a namespace differently", "CVE-2025-25291, CVE-2025-25292 and CVE-2025-66567 ruby-saml, CVE-2023-34205 moov signedxml, CVE-2025-23369 GitHub Enterprise Server; Go encoding/xml CVE-2020-29509, CVE-2020-29510, CVE-2020-29511 with CVE-2020-15216, CVE-2020-26290, CVE-2020-27846, CVE-2020-27847", "X1 X3 S7", "doctype/", "namespaces/", "documents/", "encodings/"),
        new(Reading, "Void canonicalization: an error yields nothing, and nothing has a known digest", "CVE-2025-66568 ruby-saml, CVE-2025-66475, CVE-2025-66578", "S6 S7 X3", "values/digest-of-nothing", "namespaces/relative", "canonicalization/"),
        new(Reading, "Duplicate and decoy IDs: samlp:ID, xml:id, Id, id", "\"Fragile Lock\", 2025; SignedXml of .NET looks for Id, id and ID", "X3 S1", "ids/", "wrapping/xsw4-inside-evil-signed-assertion-same-id"),
        new(Reading, "Several root elements", "CVE-2022-39353 xmldom with CVE-2022-39299", "X1", "documents/two-roots"),
        new(Reading, "Two SignedInfo, SignedInfo in an Object, comments in the DigestValue, several References", "CVE-2025-29774 and CVE-2025-29775 xml-crypto, CVE-2019-3465 xmlseclibs, CVE-2026-33487 goxmldsig", "S1 S5", "signed-info/", "values/", "references/two"),
        new(Reading, "What failed to verify stays readable", "xml-crypto", "S7", "tampered/"),
        new(Reading, "Names that are truncated or normalised", "CVE-2020-26834 SAP HANA", "P8", "names/", "conditions/audience-cut-short", "issuers/"),
        new(Keys, "No signature, or verification that is optional", "CVE-2012-5351 Axis2, CVE-2012-5353 OpenAthens, CVE-2017-18909 Mattermost, CVE-2020-12676 FusionAuth, CVE-2024-41107 CloudStack, CVE-2025-59718 and CVE-2025-59719 Fortinet, CVE-2026-28323 SolarWinds", "S8 S10", "unsigned/"),
        new(Keys, "A verification whose result is ignored", "CVE-2026-41669 Admidio; php-saml", "S10", "tampered/", "unsigned/"),
        new(Keys, "The key is taken from the message", "CVE-2015-5372 nevisAuth, CVE-2020-2021 PAN-OS, CVE-2021-21239 pysaml2, CVE-2024-32962 xml-crypto, CVE-2015-1796 OpenSAML, CVE-2026-19842", "S4", "foreign-keys/"),
        new(Keys, "Two keys in one KeyInfo, or a symmetric one", "CVE-2019-1006 WCF and WIF", "S3 S4", "foreign-keys/symmetric", "foreign-keys/both"),
        new(Keys, "HMAC with the public key", "CVE-2018-7644 SimpleSAMLphp, CVE-2026-15013", "S3", "hmac/certificate", "hmac/public-key"),
        new(Keys, "A truncated HMAC", "CVE-2009-0217", "S3", "hmac/truncated", "hmac/output-length"),
        new(Keys, "Signatures of zeros, truncated and extended ones", "CVE-2022-21449 Java", "S3", "ecdsa/", "values/rsa-"),
        new(Keys, "Weak hashes", "CVE-2020-36563 go-saml, CVE-2021-21474 SAP HANA", "S3", "weak/"),
        new(Keys, "A digest compared loosely", "SimpleSAMLphp 201809-01", "S5", "values/digest-as-number", "values/digest-truncated", "values/stray-bits"),
        new(Keys, "Canonicalization of the attacker's choice", "CVE-2013-2172 Santuario", "S2", "canonicalization/", "transforms/"),
        new(Keys, "Another issuer's assertion", "CVE-2023-41890 Sustainsys, CVE-2026-49283 and CVE-2026-49284 SimpleSAMLphp, CVE-2026-2603 Keycloak", "P1 P2 S4", "issuers/"),
        new(Keys, "Redirect: parameters that are read twice, and signatures over something else", "CVE-2025-27773 SimpleSAMLphp, CVE-2025-31335 OpenSAML", "B1", "redirect/"),
        new(Keys, "Flaws of native libraries", "CVE-2009-0050 and CVE-2021-28091 lasso", "S7", "tampered/", "wrapping/"),
        new(Xml, "External entities and document types", "CVE-2013-6440 OpenSAML, CVE-2016-10097 OpenAM, CVE-2016-10127 and CVE-2016-10149 pysaml2, CVE-2017-1000061 xmlsec, CVE-2019-7442 CyberArk, CVE-2020-15772 Gradle, CVE-2021-27736 FusionAuth, CVE-2022-35741 CloudStack, CVE-2024-22024 Ivanti, CVE-2024-52596 SimpleSAMLphp, CVE-2026-28809 esaml", "X1", "doctype/", "plaintexts/doctype", "redirect/doctype"),
        new(Xml, "Entity expansion", "OSVDB-124383 ruby-saml", "X1 X2", "doctype/billion-laughs", "doctype/quadratic-blowup"),
        new(Xml, "XSLT and XPath transforms: code, exhaustion, a digest of nothing", "CVE-2022-47966 ManageEngine, CVE-2021-40690 Santuario, CVE-2026-49289 SimpleSAMLphp", "S2 E3", "transforms/", "ciphers/value-cipher-reference-transform"),
        new(Xml, "Requests into the receiver's network by KeyInfo, Reference or CipherReference", "CVE-2023-36661 XMLTooling, CVE-2024-21893 Ivanti, CVE-2024-34580", "S1 S4 E3", "references/http", "references/file", "foreign-keys/retrieval-method", "ciphers/value-cipher-reference", "ciphers/retrieval-method"),
        new(Xml, "Inflate bombs", "CVE-2023-26483, CVE-2023-28119, CVE-2025-25293, CVE-2026-2575 Keycloak", "B1 B2 X2", "redirect/inflate-bomb"),
        new(Xml, "Size is checked after the work", "CVE-2025-54572 ruby-saml, CVE-2025-2256 GitLab", "X2", "bombs/", "redirect/long-relay-state"),
        new(Xml, "Too many transforms, references or keys", "CVE-2021-39171", "X2", "transforms/thousand", "references/thousand", "ciphers/many-keys"),
        new(Xml, "Deep nesting", "CVE-2022-0903 Mattermost, CVE-2026-41673 xmldom, CVE-2026-50653 Microsoft.IdentityModel.Tokens.Saml, CVE-2026-7307 Keycloak", "X2", "bombs/deep", "bombs/very-deep", "plaintexts/deep"),
        new(Xml, "Work that grows with the square: attributes, namespaces, hash collisions", "CVE-2011-3414 ASP.NET", "X2", "bombs/attributes", "bombs/many", "bombs/namespaces", "bombs/long-namespace", "bombs/distinct-ids"),
        new(Xml, "Malformed structures", "CVE-2020-7711, CVE-2020-7731, CVE-2019-9628, CVE-2014-3584 CXF, CVE-2018-6519", "X4", "documents/", "times/many-digits", "times/impossible", "statements/", "oracles/half-block"),
        new(Xml, "XPath and SQL by way of an ID", "CVE-2015-20108 ruby-saml, CVE-2025-9943 Shibboleth SP", "X3 P7", "ids/xpath-injection", "ids/sql-injection"),
        new(Xml, "Markup that gets into a value at the identity provider", "CVE-2026-46490 samlify", "X4 I4", "documents/injected"),
        new(Encryption, "Encrypted, but signed by nobody", "CVE-2024-4985 and CVE-2024-9487 GitHub Enterprise Server, CVE-2026-2092 Keycloak", "E1 P2 S7", "encryption/"),
        new(Encryption, "AES-CBC as an oracle", "CVE-2011-1096, CVE-2012-5575 CXF; Jager and Somorovsky, \"How to Break XML Encryption\"", "E2", "cbc/", "oracles/padding-zero", "oracles/half-block"),
        new(Encryption, "RSA 1.5 as an oracle", "CVE-2011-2487", "E2", "ciphers/rsa-1.5", "oracles/key-"),
        new(Encryption, "Other weak or unknown ciphers, shapes that are none, and any failure that could be told from another", "\"One Bad Apple\" (Jager, Paterson, Somorovsky): merely supporting old algorithms hurts", "E2 E3", "ciphers/", "oracles/"),
        new(Encryption, "A short tag of AES-GCM", "CVE-2026-32313, CVE-2026-32600", "E2", "oracles/gcm-"),
        new(Encryption, "Something else than an assertion comes out", "XML Encryption 1.1 §6", "E3", "plaintexts/"),
        new(Meaning, "Meant for another audience, or under conditions that are not understood", "CVE-2015-0277, CVE-2016-4464, CVE-2026-9093 Casdoor, CVE-2026-41577 authentik", "P5", "conditions/", "encryption/audience-inside"),
        new(Meaning, "Meant for another address", "CVE-2015-6254, CVE-2025-40758 Mendix", "P3 P4", "addresses/"),
        new(Meaning, "Meant for another time", "CVE-2018-21264, CVE-2023-40178, CVE-2026-1190, CVE-2026-9096", "P4 P5", "times/", "confirmations/over", "confirmations/without-end", "statements/session-over"),
        new(Meaning, "The answer to another request, or to none", "CVE-2026-9098 Casdoor, CVE-2026-49284 SimpleSAMLphp; VU#612636", "P1 P4", "unsolicited/", "confirmations/other-request", "confirmations/no-request", "confirmations/response-"),
        new(Meaning, "Confirmed by other means than bearer", "CVE-2014-3623 WSS4J, CVE-2020-5268 Sustainsys", "P4", "confirmations/"),
        new(Meaning, "An error, another version, no sign-in", "signed error Responses as carriers", "P2 P6 X4", "status/", "statements/"),
    ];

    /// <summary>What the catalogue has beyond messages, and where it is held.</summary>
    public static IReadOnlyList<(string What, string Known, string Rules, string Held)> Elsewhere { get; } =
    [
        ("Replay, and races for a state that holds once", "CVE-2024-5249 Akana, CVE-2020-5261 Sustainsys, CVE-2026-45720 Omni", "P1 P7", "the library remembers assertions atomically; the application may share that memory between nodes"),
        ("Accounts linked across identity providers", "CVE-2024-6582 Lunary, CVE-2024-25618 Mastodon, CVE-2025-23389 Rancher, CVE-2026-56223 Capgo, CVE-2026-59151 Prowler", "P8", "what the library hands over names the identity provider together with the NameID"),
        ("Session fixation, sign-in forced upon somebody", "CVE-2017-4963 UAA, CVE-2023-50176 FortiOS, CVE-2024-7341 Keycloak, CVE-2024-58267 Rancher", "P1 P9", "the pending request lives in a cookie of the browser that made it"),
        ("RelayState as an open redirect", "CVE-2018-6520, CVE-2022-4496, CVE-2022-39183, CVE-2023-1965, CVE-2025-9072, CVE-2026-12804", "P9", "addresses are local paths, checked"),
        ("Script in addresses and forms", "CVE-2019-12346, CVE-2020-6850, CVE-2022-4361 and CVE-2023-6717 Keycloak, CVE-2023-45683 crewjam/saml, CVE-2023-52240, CVE-2026-29191 ZITADEL", "I3 B5", "endpoint addresses are checked when metadata is read; forms are encoded and have no inline script"),
        ("A Response sent to an address of the attacker's choice", "CVE-2022-25262 JetBrains Hub, CVE-2026-41670 Admidio, CVE-2020-8300 Citrix", "I1 I2", "Responses go to registered addresses only"),
        ("Predictable identifiers, reused vectors", "CVE-2019-10755 pac4j, CVE-2017-1000246 pysaml2, CVE-2017-12871 SimpleSAMLphp", "I5", "the writer's own tests"),
        ("Requests into the receiver's network by the address of metadata", "CVE-2020-15772 Gradle, CVE-2025-6517 MaxKey, CVE-2026-42858 and CVE-2026-42860 Open edX", "M1", "tests of the server"),
        ("A certificate offered for trust by the message that it signed", "CVE-2026-19842", "O3", "nothing of a refused message is stored as configuration"),
    ];
}
