using Latchkey.Saml.Protocol;

namespace Latchkey.Saml.Tests.Messages;

/// <summary>Identifiers of messages and sessions (rule I5, saml-core-2.0 §1.3.4 and §2.7.2).</summary>
public sealed class IdentifierTests
{
    [Fact]
    public void An_identifier_is_160_bits_as_a_name_of_XML() =>
        IdSource.Random.Next().ShouldMatch("^_[0-9a-f]{40}$");

    [Fact]
    public void A_SessionIndex_is_a_name_of_XML_of_the_same_length() =>
        IdSource.Random.NextSessionIndex().ShouldMatch("^_[0-9a-f]{40}$");

    [Fact]
    public void SessionIndexes_of_one_moment_have_112_bits_that_nobody_can_guess()
    {
        var random = Enumerable
            .Range(0, 1000)
            .Select(_ => IdSource.Random.NextSessionIndex()[13..])
            .ToHashSet(StringComparer.Ordinal);

        random.Count.ShouldBe(1000);
    }

    [Fact]
    public void A_later_SessionIndex_is_greater_so_that_an_index_grows_at_its_end()
    {
        var before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var index = IdSource.Random.NextSessionIndex();
        var after = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

        Convert.ToInt64(index[1..13], 16).ShouldBeInRange(before, after);
    }
}
