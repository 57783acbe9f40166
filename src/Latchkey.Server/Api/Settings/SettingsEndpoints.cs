using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Roles;

namespace Latchkey.Server.Api.Settings;

/// <summary><c>/api/v1/settings</c>, <c>/api/v1/mail-templates</c> and <c>/api/v1/password-policies</c>.</summary>
internal static class SettingsEndpoints
{
    private const string Template = "/mail-templates/{template}";
    private const string Policy = "/password-policies/{policy}";

    public static void AddSettingsApi(this IServiceCollection services)
    {
        services.AddScoped<PortalPart>();
        services.AddScoped<SessionsPart>();
        services.AddScoped<SignInPart>();
        services.AddScoped<UsersPart>();
        services.AddScoped<EventsPart>();
        services.AddScoped<MailPart>();
        services.AddScoped<SettingsParts>();
        services.AddScoped<SettingsCalls>();
    }

    public static void MapSettingsApi(this IEndpointRouteBuilder api)
    {
        Map<PortalSettingsBody>(
            api,
            "portal",
            "Portal",
            """{"help_name": "IT service desk", "help_address": "mailto:help@example.com"}"""
        );
        Map<SessionSettingsBody>(api, "sessions", "Session", """{"idle_minutes": 60}""");
        Map<SignInSettingsBody>(
            api,
            "sign_in",
            "SignIn",
            """{"everybody": true, "enrolment_days": 14}"""
        );
        Map<UserSettingsBody>(api, "users", "User", """{"import": "staged"}""");
        Map<EventSettingsBody>(
            api,
            "events",
            "Event",
            """{"days": 365}""",
            Capability.ChangeSafeguards
        );
        Map<MailSettingsBody>(
            api,
            "mail",
            "Mail",
            """{"host": "smtp.example.com", "port": 587, "security": "starttls", "from": "sso@example.com"}""",
            Capability.ChangeSafeguards
        );
        MapTemplates(api);
        MapPolicies(api);
    }

    private static void Map<TBody>(
        IEndpointRouteBuilder api,
        string name,
        string called,
        string example,
        Capability? change = null
    )
    {
        var path = "/settings/" + name.Replace('_', '-');
        api.MapCall(
            HttpMethod.Get,
            path,
            Show<TBody>($"show{called}Settings"),
            (SettingsParts parts, SettingsCalls calls, CancellationToken ct) =>
                calls.ShowAsync(parts.Setting(name), name, ct)
        );
        api.MapCall(
            HttpMethod.Patch,
            path,
            Update<TBody>($"update{called}Settings", example) with
            {
                Role = change,
            },
            (HttpRequest request, SettingsParts parts, SettingsCalls calls, CancellationToken ct) =>
                calls.UpdateAsync(parts.Setting(name), name, request, ct)
        );
    }

    private static void MapTemplates(IEndpointRouteBuilder api)
    {
        api.MapCall(
            HttpMethod.Get,
            "/mail-templates",
            new("listMailTemplates", ApiScopes.SettingsRead) { Answer = typeof(MailTemplatesBody) },
            (SettingsCalls calls, CancellationToken ct) => calls.TemplatesAsync(ct)
        );
        api.MapCall(
            HttpMethod.Get,
            Template,
            Show<MailTemplateBody>("showMailTemplate") with
            {
                Refusals = [404],
            },
            (string template, SettingsParts parts, SettingsCalls calls, CancellationToken ct) =>
                calls.ShowAsync(parts.Template(template), template, ct)
        );
        api.MapCall(
            HttpMethod.Patch,
            Template,
            Update<MailTemplateBody>(
                "updateMailTemplate",
                """{"subject": "Welcome to {site}, {name}"}"""
            ),
            (
                string template,
                HttpRequest request,
                SettingsParts parts,
                SettingsCalls calls,
                CancellationToken ct
            ) => calls.UpdateAsync(parts.Template(template), template, request, ct)
        );
        api.MapCall(
            HttpMethod.Delete,
            Template,
            new("resetMailTemplate", ApiScopes.SettingsWrite) { Status = 204, Refusals = [404] },
            (string template, SettingsCalls calls, CancellationToken ct) =>
                calls.ResetTemplateAsync(template, ct)
        );
    }

    private static void MapPolicies(IEndpointRouteBuilder api)
    {
        api.MapCall(
            HttpMethod.Get,
            "/password-policies",
            new("listPasswordPolicies", ApiScopes.SettingsRead)
            {
                Answer = typeof(PasswordPoliciesBody),
            },
            (SettingsCalls calls, CancellationToken ct) => calls.PoliciesAsync(ct)
        );
        api.MapCall(
            HttpMethod.Post,
            "/password-policies",
            new("createPasswordPolicy", ApiScopes.SettingsWrite)
            {
                Body = typeof(PasswordPolicyBody),
                Required = ["name"],
                Example =
                    """{"name": "Administrators", "groups": ["Engineering"], "rules": {"min_length": 16}}""",
                Status = 201,
                Answer = typeof(PasswordPolicyBody),
                Refusals = [415],
            },
            (HttpRequest request, SettingsCalls calls, CancellationToken ct) =>
                calls.CreatePolicyAsync(request, ct)
        );
        api.MapCall(
            HttpMethod.Get,
            Policy,
            Show<PasswordPolicyBody>("showPasswordPolicy") with
            {
                Refusals = [404],
            },
            (string policy, SettingsParts parts, SettingsCalls calls, CancellationToken ct) =>
                calls.ShowAsync(parts.Policy(policy), policy, ct)
        );
        api.MapCall(
            HttpMethod.Patch,
            Policy,
            Update<PasswordPolicyBody>(
                "updatePasswordPolicy",
                """{"position": 1, "rules": {"expiry_days": 90}}"""
            ),
            (
                string policy,
                HttpRequest request,
                SettingsParts parts,
                SettingsCalls calls,
                CancellationToken ct
            ) => calls.UpdateAsync(parts.Policy(policy), policy, request, ct)
        );
        api.MapCall(
            HttpMethod.Delete,
            Policy,
            new("deletePasswordPolicy", ApiScopes.SettingsWrite) { Status = 204, Refusals = [404] },
            (string policy, SettingsCalls calls, CancellationToken ct) =>
                calls.DeletePolicyAsync(policy, ct)
        );
    }

    private static ApiOperation Show<TBody>(string name) =>
        new(name, ApiScopes.SettingsRead) { Answer = typeof(TBody) };

    private static ApiOperation Update<TBody>(string name, string example) =>
        new(name, ApiScopes.SettingsWrite)
        {
            Body = typeof(TBody),
            Example = example,
            Answer = typeof(TBody),
            Versioned = true,
            Refusals = [404, 412, 415],
        };
}
