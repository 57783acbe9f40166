using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Latchkey.Server.SignIn.Factors;

namespace Latchkey.Server.Tests.SignIn.Factors;

/// <summary>A passkey with its authenticator and the browser's part of the ceremony (Web Authentication Level 2, §5 and §6), for which the test browser has no scripts.</summary>
internal sealed class TestPasskey
{
    private const byte UserPresent = 0x01;
    private const byte UserVerified = 0x04;
    private const byte KeyIncluded = 0x40;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _id = RandomNumberGenerator.GetBytes(32);
    private string? _user;

    /// <summary>Whether the authenticator asks for finger or PIN.</summary>
    public bool VerifiesUser { get; set; } = true;

    /// <summary>The page in which the browser is asked.</summary>
    public string Origin { get; set; } = TestIdentityProvider.Origin;

    /// <summary>The row of one that is only to be there; nobody holds its key.</summary>
    public static Passkey Stored(Guid userId, DateTimeOffset at) =>
        new()
        {
            UserId = userId,
            CredentialId = Guid.NewGuid().ToByteArray(),
            Name = "Phone",
            PublicKey = [1],
            Transports = "",
            AttestationObject = [1],
            ClientDataJson = [1],
            CreatedAt = at,
        };

    /// <summary>Adds it on the page of one's own passkeys.</summary>
    public async Task<TestPage> AddAsync(TestBrowser browser, string name)
    {
        var page = await browser.OpenAsync("/security/passkeys");
        var (asked, answer) = await AskAsync(browser, page, "Add");
        return await PostAsync(
            browser,
            page,
            "Add",
            asked.Headers["Latchkey-Sign-In"],
            Made(answer),
            ("name", name)
        );
    }

    /// <summary>Uses it on the page of a sign-in.</summary>
    public async Task<TestPage> UseAsync(TestBrowser browser, TestPage page)
    {
        var (state, credential) = await AnswerAsync(browser, page);
        return await SendAsync(browser, page, state, credential);
    }

    /// <summary>What would be sent.</summary>
    public async Task<(string State, string Credential)> AnswerAsync(
        TestBrowser browser,
        TestPage page
    )
    {
        var (asked, answer) = await AskAsync(browser, page, "Passkey");
        return (asked.Headers["Latchkey-Sign-In"], Used(answer));
    }

    public static Task<TestPage> SendAsync(
        TestBrowser browser,
        TestPage page,
        string state,
        string credential
    ) => PostAsync(browser, page, "Passkey", state, credential);

    private static async Task<(TestPage, JsonElement)> AskAsync(
        TestBrowser browser,
        TestPage page,
        string handler
    )
    {
        var (address, fields) = Form(page, handler);
        var asked = await browser.PostAsync(
            address.Replace(
                $"handler={handler}",
                "handler=PasskeyOptions",
                StringComparison.Ordinal
            ),
            fields,
            "same-origin"
        );
        return (asked, JsonDocument.Parse(asked.Document.Body!.TextContent).RootElement);
    }

    private static Task<TestPage> PostAsync(
        TestBrowser browser,
        TestPage page,
        string handler,
        string state,
        string credential,
        params (string Name, string Value)[] more
    )
    {
        var (address, fields) = Form(page, handler);
        foreach (var (name, value) in more)
            fields[name] = value;
        fields["credential"] = credential;
        var path = address.Split('?')[0];
        return browser.PostAsync($"{path}?s={state}&handler={handler}", fields, "same-origin");
    }

    private static (string Address, Dictionary<string, string> Fields) Form(
        TestPage page,
        string handler
    )
    {
        var form = (IHtmlFormElement)
            page.Document.QuerySelector("input[name=credential]")!.Closest("form")!;
        var action = form.GetAttribute("action");
        var address =
            string.IsNullOrEmpty(action) ? $"{page.Address}?handler={handler}"
            : action[0] == '?' ? page.Address.Split('?')[0] + action
            : action;
        return (
            address,
            form.QuerySelectorAll<IHtmlInputElement>("input[name]")
                .ToDictionary(i => i.Name!, i => i.Value, StringComparer.Ordinal)
        );
    }

    private string Made(JsonElement options)
    {
        _user = options.GetProperty("user").GetProperty("id").GetString();
        var client = Client("webauthn.create", options);
        var data = AuthenticatorData(
            options.GetProperty("rp").GetProperty("id").GetString()!,
            true
        );
        byte[] attestation =
        [
            0xa3,
            .. Text("fmt"),
            .. Text("none"),
            .. Text("attStmt"),
            0xa0,
            .. Text("authData"),
            .. Bytes(data),
        ];
        return Credential(
            new
            {
                clientDataJSON = Base64Url.EncodeToString(client),
                attestationObject = Base64Url.EncodeToString(attestation),
                transports = (string[])["internal"],
            }
        );
    }

    private string Used(JsonElement options)
    {
        var client = Client("webauthn.get", options);
        var data = AuthenticatorData(options.GetProperty("rpId").GetString()!, false);
        var signature = _key.SignData(
            [.. data, .. SHA256.HashData(client)],
            HashAlgorithmName.SHA256,
            DSASignatureFormat.Rfc3279DerSequence
        );
        return Credential(
            new
            {
                clientDataJSON = Base64Url.EncodeToString(client),
                authenticatorData = Base64Url.EncodeToString(data),
                signature = Base64Url.EncodeToString(signature),
                userHandle = _user,
            }
        );
    }

    private string Credential(object response)
    {
        var id = Base64Url.EncodeToString(_id);
        return JsonSerializer.Serialize(
            new
            {
                id,
                rawId = id,
                type = "public-key",
                clientExtensionResults = new { },
                response,
            }
        );
    }

    private byte[] Client(string type, JsonElement options) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                type,
                challenge = options.GetProperty("challenge").GetString(),
                origin = Origin,
                crossOrigin = false,
            }
        );

    private byte[] AuthenticatorData(string host, bool withKey)
    {
        var flags = UserPresent;
        if (VerifiesUser)
            flags |= UserVerified;
        if (withKey)
            flags |= KeyIncluded;
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)_id.Length);
        byte[] key = withKey ? [.. new byte[16], .. length, .. _id, .. PublicKey()] : [];
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(host)), flags, 0, 0, 0, 0, .. key];
    }

    /// <summary>As COSE has it (RFC 9053 §7.1): EC2, ES256, P-256, x, y.</summary>
    private byte[] PublicKey()
    {
        var point = _key.ExportParameters(false).Q;
        return
        [
            0xa5,
            0x01,
            0x02,
            0x03,
            0x26,
            0x20,
            0x01,
            0x21,
            .. Bytes(point.X!),
            0x22,
            .. Bytes(point.Y!),
        ];
    }

    // CBOR (RFC 8949 §3.1), as much as there is here.

    private static byte[] Text(string text) =>
        [(byte)(0x60 + text.Length), .. Encoding.ASCII.GetBytes(text)];

    private static byte[] Bytes(byte[] bytes) => [0x58, (byte)bytes.Length, .. bytes];
}
