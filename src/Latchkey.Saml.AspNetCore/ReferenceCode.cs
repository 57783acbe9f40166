using System.Security.Cryptography;

namespace Latchkey.Saml.AspNetCore;

/// <summary>The code on a refusal page by which its log entry is found.</summary>
internal static class ReferenceCode
{
    // Without 0, O, 1, I and L: it is read aloud.
    private const string Alphabet = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";

    public static string New() => RandomNumberGenerator.GetString(Alphabet, 8);
}
