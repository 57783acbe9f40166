using System.Text.Json.Nodes;
using Latchkey.Server.Api.Settings;
using Latchkey.Server.Mail.Templates;
using Latchkey.Server.SignIn.Passwords;

namespace Latchkey.Server.Api.Export;

/// <summary>Settings, the organisation's own words of mails, and password policies as a declaration file says them.</summary>
internal sealed class ExportedSettings(SettingsParts parts, PasswordPolicyService policies)
{
    public async Task AddAsync(JsonObject root, bool secrets, CancellationToken ct)
    {
        var settings = new JsonObject();
        foreach (var name in SettingsParts.Settings)
        {
            var part = parts.Setting(name);
            settings[name] = part.Exported((await part.ReadAsync(ct))!, secrets);
        }
        root["settings"] = settings;
        OrganizationExport.Add(root, "mail_templates", await TemplatesAsync(secrets, ct));
        OrganizationExport.Add(
            root,
            "password_policies",
            (await PasswordPolicyPart.AllAsync(policies, ct)).Select(policy =>
                Policy(policy, secrets)
            )
        );
    }

    private JsonObject Policy(PasswordPolicyBody policy, bool secrets)
    {
        var json = parts.Policy(policy.Name).Exported(policy, secrets);
        if (policy.IsDefault)
        {
            // It comes last, and is everybody's.
            json.Remove("position");
            json.Remove("groups");
        }
        return json;
    }

    private async Task<IReadOnlyList<JsonObject>> TemplatesAsync(bool secrets, CancellationToken ct)
    {
        var own = new List<JsonObject>();
        foreach (var part in parts.Templates)
        {
            var body = await part.ShowAsync(ct);
            if (!body.Own)
            {
                continue;
            }
            var json = new JsonObject { ["template"] = part.Name };
            foreach (var (name, value) in part.Exported(body, secrets))
            {
                json[name] = value?.DeepClone();
            }
            own.Add(json);
        }
        return own;
    }
}
