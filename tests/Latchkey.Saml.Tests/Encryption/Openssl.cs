using System.Diagnostics;

namespace Latchkey.Saml.Tests.Encryption;

/// <summary>RSA-OAEP with a hash of its own for the mask, and RSA-PSS, as OpenSSL's program makes and checks them: what xmlsec1 does not know.</summary>
internal static class Openssl
{
    /// <summary>Encrypts for a test certificate.</summary>
    public static byte[] Encrypt(string certificate, byte[] message, string digest, string mask) =>
        Run(
            message,
            ["-encrypt", "-certin", "-inkey", TestData.PathOf($"keys/{certificate}.crt.pem")],
            digest,
            mask
        );

    /// <summary>Decrypts with a test key.</summary>
    public static byte[] Decrypt(string key, byte[] wrapped, string digest, string mask) =>
        Run(wrapped, ["-decrypt", "-inkey", TestData.PathOf($"keys/{key}.key.pem")], digest, mask);

    /// <summary>Signs with a test key by RSA-PSS, hash and mask alike.</summary>
    public static byte[] SignPss(string key, byte[] message, string hash) =>
        Run(message, [.. Pss(hash), "-sign", TestData.PathOf($"keys/{key}.key.pem")]);

    /// <summary>Verifies a signature by RSA-PSS, hash, mask and salt of one length; fails the test where it is none.</summary>
    public static void ShouldVerifyPss(string key, byte[] message, byte[] signature, string hash)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, signature);
            Run(
                message,
                [
                    .. Pss(hash),
                    "-prverify",
                    TestData.PathOf($"keys/{key}.key.pem"),
                    "-signature",
                    file,
                ]
            );
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string[] Pss(string hash) =>
        [
            "dgst",
            "-" + hash,
            "-sigopt",
            "rsa_padding_mode:pss",
            "-sigopt",
            "rsa_pss_saltlen:digest",
            "-sigopt",
            "rsa_mgf1_md:" + hash,
        ];

    private static byte[] Run(byte[] input, string[] operation, string digest, string mask) =>
        Run(
            input,
            [
                "pkeyutl",
                .. operation,
                "-pkeyopt",
                "rsa_padding_mode:oaep",
                "-pkeyopt",
                $"rsa_oaep_md:{digest}",
                "-pkeyopt",
                $"rsa_mgf1_md:{mask}",
            ]
        );

    private static byte[] Run(byte[] input, string[] arguments)
    {
        ProcessStartInfo start = new("openssl", arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.BaseStream.Write(input);
        process.StandardInput.Close();
        using MemoryStream output = new();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        process.ExitCode.ShouldBe(0);
        return output.ToArray();
    }
}
