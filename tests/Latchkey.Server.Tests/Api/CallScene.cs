using System.Text.Json;
using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Directory;
using Latchkey.Server.SignIn;

namespace Latchkey.Server.Tests.Api;

/// <summary>What a call needs so that it is done and not refused: the things that its address names, and a body.</summary>
/// <param name="send">Sends a call as somebody who may do everything.</param>
/// <param name="start">Begins a session of the user of that name, and tells which.</param>
/// <param name="mail">The mail that waits for the user of that name.</param>
internal sealed class CallScene(
    Func<string, string, string?, Task<ApiTest.Answer>> send,
    Func<string, Task<Guid>> start,
    Func<string, Task<Guid>> mail
)
{
    private readonly string _mark = "c" + Guid.NewGuid().ToString("N")[..10];

    /// <summary>Bodies of calls whose example leads to an address of somebody else, or is no real key.</summary>
    private string? Body(MappedOperation call) =>
        call.Operation.Name switch
        {
            "addOwnCertificate" => JsonSerializer.Serialize(new { pem = Pem() }),
            "createApplication" => Application(_mark + "-made"),
            "createUser" =>
                $$"""{"username": "{{_mark}}-made", "email": "{{_mark}}-made@example.test", "groups": ["{{_mark}}"]}""",
            "createGroup" => $$"""{"name": "{{_mark}}-made"}""",
            "createPasswordPolicy" => Policy(_mark + "-made"),
            "updateGroup" => """{"description": "Changed"}""",
            "proposeMetadata" => Metadata(),
            "takeProposal" => """{"fields": ["acs_urls"]}""",
            _ => call.Operation.Example,
        };

    /// <summary>Makes what the call names, and says where it goes and with what.</summary>
    public async Task<(string Path, string? Body)> SetAsync(MappedOperation call)
    {
        await MakeAsync("/groups", $$"""{"name": "{{_mark}}"}""");
        var path = call.Path["/api/v1".Length..];
        foreach (var name in call.Parameters)
        {
            path = path.Replace(
                $"{{{name}}}",
                await ThingAsync(name, call),
                StringComparison.Ordinal
            );
        }
        if (call.Operation.Name is "removeMember")
        {
            await send("PUT", path, null);
        }
        if (call.Operation.Name is "cancelState")
        {
            await send("PUT", path, """{"at": "2030-01-31T18:00:00Z"}""");
        }
        if (call.Operation.Name is "takeFromGroup" or "takeFromUser")
        {
            await send("PUT", path, null);
        }
        return (path, Body(call));
    }

    private async Task<string> ThingAsync(string name, MappedOperation call)
    {
        switch (name)
        {
            case "group":
                return _mark;
            case "user":
                await UserAsync();
                return _mark;
            case "state":
                return "suspended";
            case "session":
                await UserAsync();
                return (await start(_mark)).ToString();
            case "mail":
                await UserAsync();
                await MakeAsync($"/users/{_mark}/password-reset", null);
                return (await mail(_mark)).ToString();
            case "attribute":
                await send(
                    "PUT",
                    $"/attributes/{_mark}",
                    """{"label": "Floor", "type": "string"}"""
                );
                return _mark;
            case "template":
                await send("PATCH", "/mail-templates/activation", """{"subject": "Welcome"}""");
                return "activation";
            case "policy":
                await MakeAsync("/password-policies", Policy(_mark));
                return _mark;
            case "application":
                await MakeAsync("/applications", Application(_mark));
                if (call.Operation.Name is "switchCertificate" or "undoRotation")
                {
                    await RotateAsync();
                }
                if (call.Operation.Name is "undoRotation")
                {
                    await MakeAsync($"/applications/{_mark}/certificates/switch", "{}");
                }
                return _mark;
            case "certificate":
                return (await RotateAsync())["items"][1].GetProperty("id").GetString()!;
            case "proposal":
                return Id(await MakeAsync($"/applications/{_mark}/metadata-proposals", Metadata()));
            case "link":
                return Id(
                    await MakeAsync($"/applications/{_mark}/handover-links", """{"days": 7}""")
                );
            case "token":
                return Id(await MakeAsync("/tokens", $$"""{"name": "{{_mark}}"}"""));
            default:
                throw new InvalidOperationException(
                    $"{call.Operation.Name} names a {name}: what is it?"
                );
        }
    }

    private Task<ApiTest.Answer> RotateAsync() =>
        MakeAsync($"/applications/{_mark}/certificates", """{"key": "p-256"}""");

    private Task<ApiTest.Answer> UserAsync() =>
        send(
            "POST",
            "/users",
            $$"""{"username": "{{_mark}}", "email": "{{_mark}}@example.test", "state": "activated"}"""
        );

    private async Task<ApiTest.Answer> MakeAsync(string path, string? body)
    {
        var made = await send("POST", path, body);
        made.Status.ShouldBeLessThan(300, $"{path}: {made.Text}");
        return made;
    }

    private static string Id(ApiTest.Answer made) => made["id"].GetString()!;

    private static string Application(string slug) =>
        $$"""{"slug": "{{slug}}", "label": "{{slug}}", "sp_entity_id": "urn:{{slug}}", "acs_urls": ["https://{{slug}}.example.test/acs"], "active": true}""";

    private string Policy(string name) =>
        $$$"""{"name": "{{{name}}}", "groups": ["{{{_mark}}}"], "rules": {"min_length": 16}}""";

    private string Metadata() =>
        JsonSerializer.Serialize(
            new
            {
                metadata = $"""
                <EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="urn:{_mark}">
                  <SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
                    <AssertionConsumerService index="0" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://moved.example.test/acs"/>
                  </SPSSODescriptor>
                </EntityDescriptor>
                """,
            }
        );

    private static string Pem()
    {
        var (certificate, key) = KeyPairs.Make();
        return certificate + key;
    }
}
