using Latchkey.Server.Api.Calls;
using Latchkey.Server.Api.Declaration;
using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Mail.Templates;
using Latchkey.Server.Problems;
using Latchkey.Server.SignIn.Passwords;

namespace Latchkey.Server.Api.Settings;

/// <summary>Shows and changes what an organisation sets, part by part.</summary>
internal sealed class SettingsCalls(
    SettingsParts parts,
    PasswordPolicyService policies,
    Together together,
    Refusal refusal
)
{
    public async Task<ApiAnswer> ShowAsync(ISettingsPart? part, string name, CancellationToken ct)
    {
        var body = part is null ? null : await part.ReadAsync(ct);
        return body is null ? Unknown(name) : Shown(body);
    }

    /// <summary>Changes what the body says and nothing else.</summary>
    public async Task<ApiAnswer> UpdateAsync(
        ISettingsPart? part,
        string name,
        HttpRequest request,
        CancellationToken ct
    )
    {
        var problems = new List<Problem>();
        var version = IfMatch.Read(request, problems);
        if (problems.Count > 0)
        {
            return refusal.Of(400, problems[0]);
        }
        if (part is null)
        {
            return Unknown(name);
        }
        // The links that open administrators' accounts go that way.
        if (part is MailPart && !request.HttpContext.User.May(ApiScopes.AdministratorsWrite))
        {
            return refusal.Of(
                403,
                new Problem("token-scope-missing", "", ApiScopes.AdministratorsWrite)
            );
        }
        var read = await ReadAsync(request, part, ct);
        return read.Value is { } said
            ? await together.RunAsync(
                async () =>
                {
                    if (await part.ReadAsync(ct) is not { } now)
                    {
                        return Unknown(name);
                    }
                    return version is null || version == SettingsJson.Version(now)
                        ? await SaveAsync(part, now, said, Shown, ct)
                        : refusal.Of([new Problem("settings-changed", "version")]);
                },
                ct
            )
            : refusal.Of(read.Problems);
    }

    public async Task<ApiAnswer> TemplatesAsync(CancellationToken ct)
    {
        var items = new List<MailTemplateBody>();
        foreach (var template in parts.Templates)
        {
            items.Add(await template.ShowAsync(ct));
        }
        return ApiAnswer.Shown(new MailTemplatesBody(items));
    }

    /// <summary>Our words again.</summary>
    public async Task<ApiAnswer> ResetTemplateAsync(string key, CancellationToken ct)
    {
        if (parts.Template(key) is not { } template)
        {
            return Unknown(key);
        }
        await template.ResetAsync(ct);
        return ApiAnswer.Nothing;
    }

    public async Task<ApiAnswer> PoliciesAsync(CancellationToken ct) =>
        ApiAnswer.Shown(new PasswordPoliciesBody(await PasswordPolicyPart.AllAsync(policies, ct)));

    public async Task<ApiAnswer> CreatePolicyAsync(HttpRequest request, CancellationToken ct)
    {
        var read = await ReadAsync(request, parts.Policy(""), ct);
        if (read.Value is not { } said)
        {
            return refusal.Of(read.Problems);
        }
        var part = parts.Policy(said.Section.Text("name") ?? "");
        return await together.RunAsync(
            () =>
                SaveAsync(
                    part,
                    null,
                    said,
                    body =>
                        ApiAnswer.Made(
                            body,
                            $"/api/v1/password-policies/{((PasswordPolicyBody)body).Id}",
                            SettingsJson.Version(body)
                        ),
                    ct
                ),
            ct
        );
    }

    /// <summary>Its groups fall to the next that fits, or to the default.</summary>
    public async Task<ApiAnswer> DeletePolicyAsync(string name, CancellationToken ct)
    {
        if (await parts.Policy(name).ReadAsync(ct) is not PasswordPolicyBody { Id: { } id })
        {
            return Unknown(name);
        }
        var deleted = await policies.DeleteAsync(id, ct);
        return deleted.Ok ? ApiAnswer.Nothing : refusal.Of(deleted.Problems);
    }

    private async Task<ApiAnswer> SaveAsync(
        ISettingsPart part,
        object? now,
        Said said,
        Func<object, ApiAnswer> answer,
        CancellationToken ct
    )
    {
        var after = part.Over(now, said.Section, MetadataFiles.None);
        if (said.Problems.Any)
        {
            return refusal.Of([.. said.Problems.All.Select(p => p.Problem)]);
        }
        var problems = await part.SaveAsync(now, after, ct);
        if (problems.Count > 0)
        {
            return refusal.Of(problems);
        }
        // A policy that has another name now is found by it.
        var found = after is PasswordPolicyBody policy ? parts.Policy(policy.Name.Trim()) : part;
        return answer((await found.ReadAsync(ct))!);
    }

    /// <summary>Read before anything of the database is: nobody waits for a slow sender.</summary>
    private static Task<Outcome<Said>> ReadAsync(
        HttpRequest request,
        ISettingsPart part,
        CancellationToken ct
    ) => CallBody.ReadAsync(request, part.Kind, (section, p) => new Said(section, p), ct);

    private static ApiAnswer Shown(object body) =>
        ApiAnswer.Shown(body, SettingsJson.Version(body));

    private ApiAnswer Unknown(string name) => refusal.Unknown("api-setting-unknown", name);

    private sealed record Said(Section Section, DeclarationProblems Problems);
}
