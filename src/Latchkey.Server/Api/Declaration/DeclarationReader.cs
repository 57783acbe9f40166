using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Server.Applications;
using Latchkey.Server.Directory;

namespace Latchkey.Server.Api.Declaration;

/// <summary>Reads a declaration file: snake case keys, every key known, every problem with its line.</summary>
internal static class DeclarationReader
{
    /// <summary>The fields of a user that are one text each.</summary>
    public static readonly IReadOnlyList<string> UserFields =
    [
        "email",
        "alternate_email",
        "recovery_email",
        "firstname",
        "middlename",
        "lastname",
        "displayname",
        "description",
        "company",
        "cost_center",
        "department",
        "employee_identifier",
        "employee_type",
        "job_title",
        "location",
    ];

    /// <summary>What the file says; with problems it must not be applied.</summary>
    public static DeclaredState Read(string text, DeclarationProblems problems)
    {
        if (YamlReader.Read(text, problems) is not { } root || root is YamlText { Value: null })
        {
            return new DeclaredState();
        }
        if (Section.Of(root, "file", problems) is not { } file)
        {
            return new DeclaredState();
        }
        var state = new DeclaredState
        {
            Users = [.. (file.Sections("users", "user") ?? []).Select(User)],
            Groups = [.. (file.Sections("groups", "group") ?? []).Select(Group)],
            Administrators =
            [
                .. (file.Texts("administrators") ?? []).Select(name =>
                    (file.LineOf("administrators"), name)
                ),
            ],
            Applications =
            [
                .. (file.Sections("applications", "application") ?? []).Select(s =>
                    Application(s, problems)
                ),
            ],
        };
        file.End();
        RefuseTwice(state, problems);
        return state;
    }

    private static DeclaredUser User(Section section)
    {
        var user = new DeclaredUser
        {
            Line = section.Line,
            Lines = section.Lines,
            Username = section.Required("username"),
            Fields = UserFields
                .Select(field => (field, text: section.Text(field)))
                .Where(f => f.text is not null)
                .ToDictionary(f => f.field, f => f.text!, StringComparer.Ordinal),
            Password = section.Text("password"),
            State = section.Word<UserState>(
                "state",
                TryParseState,
                ["activated", "staged", "suspended"]
            ),
            Attributes = section
                .Open("attributes")
                ?.SelectMany(a => a.Value.Select(value => new CustomAttribute(a.Key, value)))
                .ToList(),
        };
        section.End();
        return user;
    }

    private static DeclaredGroup Group(Section section)
    {
        var group = new DeclaredGroup
        {
            Line = section.Line,
            Lines = section.Lines,
            Name = section.Required("name"),
            Description = section.Text("description"),
            Members = section.Texts("members"),
        };
        section.End();
        return group;
    }

    private static DeclaredApplication Application(Section section, DeclarationProblems problems)
    {
        var nameId = section.Map("name_id");
        var application = new DeclaredApplication
        {
            Line = section.Line,
            Lines = section.Lines,
            Slug = section.Required("slug"),
            SpMetadata = section.Text("sp_metadata"),
            Groups = section.Texts("groups"),
            Said = new ApplicationInput
            {
                Label = section.Text("label"),
                Description = section.Text("description"),
                IdpEntityId = section.Text("idp_entity_id"),
                SpEntityId = section.Text("sp_entity_id"),
                AcsEndpoints = section.Texts("acs_urls") is { } urls
                    ? ApplicationInput.AcsFrom(urls)
                    : null,
                SpSigningCertificates = section.Texts("sp_signing_certificates"),
                SpEncryptionCertificates = section.Texts("sp_encryption_certificates"),
                RequireSignedRequests = section.Flag("require_signed_requests"),
                NameIdSource = nameId?.Text("source"),
                NameIdFormat = NameIdFormat(nameId, problems),
                Sign = section.Word<SignedParts>(
                    "sign",
                    SignedPartsNames.TryParse,
                    SignedPartsNames.All
                ),
                SignatureAlgorithm = section.Word<SignatureAlgorithm>(
                    "signature_algorithm",
                    SignatureAlgorithmNames.TryParse,
                    SignatureAlgorithmNames.All
                ),
                Attributes = Attributes(section, problems),
                DefaultRelayState = section.Text("relay_state"),
                LoginUrl = section.Text("login_url"),
                DeclareRedirectEndpoint = section.Flag("declare_redirect_endpoint"),
                Logo = section.Text("logo"),
                Active = section.Flag("active"),
            },
        };
        nameId?.End();
        section.End();
        return application;
    }

    /// <summary>Both lists as the one that an application has; null if the file has neither.</summary>
    private static List<AttributeMapping>? Attributes(Section section, DeclarationProblems problems)
    {
        var mapped = section.Sections("attributes", "attribute");
        var constant = section.Sections("constant_attributes", "constant attribute");
        if (mapped is null && constant is null)
        {
            return null;
        }
        var rows = new List<AttributeMapping>();
        foreach (var row in mapped ?? [])
        {
            var source = row.Required("source");
            rows.Add(
                new AttributeMapping(
                    row.Required("name"),
                    source == "groups" ? AttributeKind.Groups : AttributeKind.User,
                    source == "groups" ? null : source,
                    NameFormat(row, problems)
                )
            );
            row.End();
        }
        foreach (var row in constant ?? [])
        {
            rows.Add(
                new AttributeMapping(
                    row.Required("name"),
                    AttributeKind.Constant,
                    row.Required("value"),
                    NameFormat(row, problems)
                )
            );
            row.End();
        }
        return rows;
    }

    private static string? NameIdFormat(Section? nameId, DeclarationProblems problems)
    {
        if (nameId?.Text("format") is not { } text)
        {
            return null;
        }
        if (NameIdFormatNames.TryParse(text, out var uri))
        {
            return uri;
        }
        var known = string.Join(", ", NameIdFormatNames.All);
        problems.Add(nameId.LineOf("format"), "declaration-not-word", "format", text, known);
        return null;
    }

    private static string? NameFormat(Section row, DeclarationProblems problems)
    {
        if (row.Text("name_format") is not { } text)
        {
            return null;
        }
        if (AttributeNameFormatNames.TryParse(text, out var uri))
        {
            return uri;
        }
        var known = string.Join(", ", AttributeNameFormatNames.All);
        problems.Add(row.LineOf("name_format"), "declaration-not-word", "name_format", text, known);
        return null;
    }

    private static bool TryParseState(string? text, out UserState state)
    {
        (var known, state) = text switch
        {
            "activated" => (true, UserState.Activated),
            "staged" => (true, UserState.Staged),
            "suspended" => (true, UserState.Suspended),
            _ => (false, default),
        };
        return known;
    }

    private static void RefuseTwice(DeclaredState state, DeclarationProblems problems)
    {
        void Check(string kind, IEnumerable<(int Line, string Name)> things)
        {
            var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            foreach (var (line, name) in things)
            {
                if (name.Length > 0 && !seen.Add(name))
                {
                    problems.Add(line, "declaration-twice", kind, name);
                }
            }
        }

        Check("user", state.Users.Select(u => (u.Line, u.Username)));
        Check("group", state.Groups.Select(g => (g.Line, g.Name)));
        Check("application", state.Applications.Select(a => (a.Line, a.Slug)));
    }
}
