using System.Buffers;
using System.Globalization;

namespace Latchkey.Server.SignIn.Passwords.Imported;

/// <summary>bcrypt: <c>$2a$</c>, <c>$2b$</c>, <c>$2y$</c>. It looks at the first 72 bytes of a password.</summary>
internal sealed record BcryptHash(string Text, int Rounds)
    : ImportedHash(string.Create(CultureInfo.InvariantCulture, $"bcrypt-{Rounds}"))
{
    private const int Length = 60;

    protected override int Cost => Rounds;
    protected override int Least => 4;
    protected override int Most => 15;

    public static BcryptHash? Read(string text) =>
        text.Length == Length
        && text[0] == '$'
        && text[1] == '2'
        && text[2] is 'a' or 'b' or 'y'
        && text[3] == '$'
        && text[6] == '$'
        && text.AsSpan(7).IndexOfAnyExcept(s_alphabet) < 0
        && Number(text[4..6]) is { } rounds
            ? new(text, rounds)
            : null;

    private static readonly SearchValues<char> s_alphabet = SearchValues.Create(
        "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    );

    public override bool Verify(string password)
    {
        try
        {
            return BCrypt.Net.BCrypt.Verify(password, Text);
        }
        catch (BCrypt.Net.SaltParseException)
        {
            return false;
        }
    }
}
