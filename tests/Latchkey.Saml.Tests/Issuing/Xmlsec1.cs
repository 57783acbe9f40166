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

    public static (int ExitCode, string Output) Verify(
        byte[] xml,
        string certificate,
        string signatureXPath,
        params string[] signedElements
    )
    {
        string file = Path.Combine(
            Path.GetTempPath(),
            $"latchkey-{Guid.NewGuid().ToString("N")}.xml"
        );
        File.WriteAllBytes(file, xml);
        try
        {
            ProcessStartInfo start = new("xmlsec1")
            {
                UseShellExecute = false,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            };
            start.ArgumentList.Add("--verify");
            start.ArgumentList.Add("--pubkey-cert-pem");
            start.ArgumentList.Add(certificate);
            start.ArgumentList.Add("--node-xpath");
            start.ArgumentList.Add(signatureXPath);
            foreach (string element in signedElements)
            {
                start.ArgumentList.Add("--id-attr:ID");
                start.ArgumentList.Add(element);
            }
            start.ArgumentList.Add(file);

            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync(
                TestContext.Current.CancellationToken
            );
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output + errors.Result);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
