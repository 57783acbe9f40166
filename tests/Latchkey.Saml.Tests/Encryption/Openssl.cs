using System.Diagnostics;

namespace Latchkey.Saml.Tests.Encryption;

/// <summary>OAEP with a hash of its own for the mask as OpenSSL's program makes and opens it, which shares no code with us.</summary>
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

    private static byte[] Run(byte[] input, string[] operation, string digest, string mask)
    {
        ProcessStartInfo start = new("openssl")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        string[] arguments =
        [
            "pkeyutl",
            .. operation,
            "-pkeyopt",
            "rsa_padding_mode:oaep",
            "-pkeyopt",
            $"rsa_oaep_md:{digest}",
            "-pkeyopt",
            $"rsa_mgf1_md:{mask}",
        ];
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
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
