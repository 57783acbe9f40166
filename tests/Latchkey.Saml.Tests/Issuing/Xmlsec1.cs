using System.Diagnostics;

namespace Latchkey.Saml.Tests.Issuing;

/// <summary>Asks xmlsec1, which shares no code with us, about a signature.</summary>
internal static class Xmlsec1
{
    /// <summary>Verifies one Signature, chosen by XPath, against one certificate.</summary>
    public static void ShouldVerify(
        byte[] xml,
        string certificate,
        string signatureXPath,
        params string[] signedElements
    )
    {
        (int exitCode, string output) = Verify(xml, certificate, signatureXPath, signedElements);
        exitCode.ShouldBe(0, output);
    }

    /// <summary>Verifies one Signature of each of several files, at one go.</summary>
    /// <param name="files">Their paths.</param>
    /// <param name="certificate">With the key of all of them, PEM; null: each with the key in its own KeyInfo.</param>
    /// <param name="signatureXPath">Which Signature.</param>
    /// <param name="signedElements">Namespace and name, with a colon between, of the elements that have an ID.</param>
    public static void ShouldVerifyFiles(
        IReadOnlyList<string> files,
        string? certificate,
        string signatureXPath,
        params string[] signedElements
    )
    {
        (int exitCode, string output) = Start([
            "--verify",
            .. (string[])(
                certificate is null ? ["--insecure"] : ["--pubkey-cert-pem", certificate]
            ),
            "--node-xpath",
            signatureXPath,
            .. signedElements.SelectMany(element =>
                (string[])["--id-attr:ID", element, "--id-attr:Id", element]
            ),
            .. files,
        ]);
        exitCode.ShouldBe(0, output);
    }

    /// <summary>The same for documents that stand in no files of their own.</summary>
    public static void ShouldVerifyAll(
        IReadOnlyList<byte[]> documents,
        string? certificate,
        string signatureXPath,
        params string[] signedElements
    )
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("latchkey-");
        try
        {
            List<string> files = [];
            foreach (byte[] document in documents)
            {
                files.Add(Path.Combine(folder.FullName, $"{files.Count}.xml"));
                File.WriteAllBytes(files[^1], document);
            }
            ShouldVerifyFiles(files, certificate, signatureXPath, signedElements);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public static (int ExitCode, string Output) Verify(
        byte[] xml,
        string certificate,
        string signatureXPath,
        params string[] signedElements
    ) =>
        Run(
            xml,
            [
                "--verify",
                "--pubkey-cert-pem",
                certificate,
                "--node-xpath",
                signatureXPath,
                .. signedElements.SelectMany(element => (string[])["--id-attr:ID", element]),
            ]
        );

    /// <summary>Verifies one Signature with the key in its own KeyInfo: says nothing of trust.</summary>
    public static (int ExitCode, string Output) VerifyWithCarriedKey(
        byte[] xml,
        string signatureXPath,
        params string[] signedElements
    ) =>
        Run(
            xml,
            [
                "--verify",
                "--insecure",
                "--node-xpath",
                signatureXPath,
                .. signedElements.SelectMany(element => (string[])["--id-attr:ID", element]),
            ]
        );

    /// <summary>Runs it on a document; the output is of both streams.</summary>
    public static (int ExitCode, string Output) Run(byte[] xml, IReadOnlyList<string> arguments)
    {
        string file = Path.Combine(
            Path.GetTempPath(),
            $"latchkey-{Guid.NewGuid().ToString("N")}.xml"
        );
        File.WriteAllBytes(file, xml);
        try
        {
            return Start([.. arguments, file]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static (int ExitCode, string Output) Start(IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new("xmlsec1", arguments)
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(
            TestContext.Current.CancellationToken
        );
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
