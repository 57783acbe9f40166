using System.Text;

namespace Latchkey.Saml.Tests.Fuzzing;

/// <summary>Genuine messages, altered as trees, tag by tag or octet by octet, by one of these or several.</summary>
internal sealed class AlteredMessages(IReadOnlyList<string> genuine, IReadOnlyList<string> donors)
{
    public byte[] Next(Random random)
    {
        string message = genuine[random.Next(genuine.Count)];
        bool altered = random.Next(3) > 0;
        if (altered)
            message = new TreeMutation(random, [.. donors, .. genuine]).Of(message) ?? message;
        if (!altered || random.Next(3) == 0)
        {
            altered = random.Next(2) == 0;
            if (altered)
                message = TokenMutation.Of(message, random);
        }
        byte[] octets = Encoding.UTF8.GetBytes(message);
        return altered && random.Next(4) > 0 ? octets : Mutation.OfOctets(octets, random);
    }
}
