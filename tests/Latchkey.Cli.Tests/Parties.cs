using System.Security.Cryptography;
using System.Text;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;

namespace Latchkey.Cli.Tests;

/// <summary>An identity provider and a service provider with their files, in a folder that goes with the test.</summary>
public sealed class Parties : IDisposable
{
    public const string Issuer = "https://idp.example.test";
    public const string Audience = "https://app.example.test";
    public const string Acs = "https://app.example.test/saml/acs";
    public const string RequestId = "_a1b2c3";
    public const string Now = "2026-03-01T12:00:00Z";

    private static readonly Lazy<SigningKey> s_key = new(() =>
        SigningKey.Create("Test", Time.AddYears(-1), Time.AddYears(9))
    );

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("latchkey-cli-");

    public Parties()
    {
        WriteKey("idp.pem", Key);
        Write("idp.xml", Metadata(Issuer, Key));
    }

    public static DateTimeOffset Time { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The identity provider's key. One for all tests: making one takes a second.</summary>
    public SigningKey Key { get; } = s_key.Value;

    public string PathOf(string file) => Path.Combine(_folder.FullName, file);

    public string Write(string file, byte[] octets)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(file))!);
        File.WriteAllBytes(PathOf(file), octets);
        return PathOf(file);
    }

    public string Write(string file, string text) => Write(file, Encoding.UTF8.GetBytes(text));

    /// <summary>Key and certificate in one PEM file.</summary>
    public string WriteKey(string file, SigningKey key) =>
        Write(
            file,
            PemEncoding.WriteString("PRIVATE KEY", key.ExportPkcs8())
                + "\n"
                + PemEncoding.WriteString("CERTIFICATE", key.Certificate.RawData)
                + "\n"
        );

    public static EntityDescriptor IdentityProvider(string entityId, params SigningKey[] keys) =>
        new()
        {
            EntityId = entityId,
            IdentityProvider = new IdentityProviderRole
            {
                SigningCertificates =
                [
                    .. keys.Select(key => (ReadOnlyMemory<byte>)key.Certificate.RawData),
                ],
                SingleSignOnServices = [new(SamlBindings.Redirect, entityId + "/sso")],
            },
        };

    public static byte[] Metadata(string entityId, params SigningKey[] keys) =>
        MetadataWriter.Write(IdentityProvider(entityId, keys));

    /// <summary>A Response that <c>latchkey saml sign</c> makes; more options replace nothing and add to these.</summary>
    public async Task<string> SignedAsync(params string[] more)
    {
        string[] arguments =
        [
            "saml",
            "sign",
            "--key",
            PathOf("idp.pem"),
            "--issuer",
            Issuer,
            "--audience",
            Audience,
            "--acs",
            Acs,
            "--now",
            Now,
            "--name-id",
            "ada@example.test",
            "--name-id-format",
            "emailAddress",
            .. more,
        ];
        var run = await Run.Latchkey(arguments);
        run.Code.ShouldBe(0, run.Error);
        return run.Output.Trim();
    }

    /// <summary>A Response that answers <see cref="RequestId"/>.</summary>
    public Task<string> AnswerAsync(params string[] more) =>
        SignedAsync(["--in-response-to", RequestId, .. more]);

    /// <summary>Options of <c>latchkey saml verify</c> that accept what <see cref="AnswerAsync"/> makes.</summary>
    public string[] VerifyOptions(string response, params string[] more) =>
        [
            "saml",
            "verify",
            response,
            "--idp-metadata",
            PathOf("idp.xml"),
            "--sp-entity-id",
            Audience,
            "--acs",
            Acs,
            "--now",
            Now,
            .. more,
        ];

    /// <summary>Verifies a Response as the answer to <see cref="RequestId"/>, as JSON.</summary>
    internal Task<Run> VerifyAsync(string response, params string[] more) =>
        Run.Latchkey(
            VerifyOptions(
                Write("response.b64", response),
                ["--request-id", RequestId, "--json", .. more]
            )
        );

    public void Dispose() => _folder.Delete(recursive: true);
}
