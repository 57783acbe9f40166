using System.Text.RegularExpressions;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Protocol;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Catalogue;

namespace Latchkey.Server.Tests.Applications.Catalogue;

/// <summary>Every connector, filled with its examples, makes an application whose Response meets the connector's own demands.</summary>
public abstract class ConnectorDemandsTests(TestIdentityProvider host)
{
    public static TheoryData<string> Slugs => ShippedConnectors.Slugs;

    [Theory]
    [MemberData(nameof(Slugs))]
    public async Task The_service_provider_would_accept_the_response(string slug)
    {
        var sample = await ConnectorSample.MakeAsync(host, slug);
        Faults(sample).ShouldBeEmpty();
    }

    private static IEnumerable<string> Faults(ConnectorSample sample)
    {
        var (connector, assertion) = (sample.Connector, sample.Assertion);
        var format = connector.NameId?.Format ?? NameIdFormats.EmailAddress;
        if (assertion.NameId?.Format != format)
        {
            yield return $"NameID format {assertion.NameId?.Format}";
        }
        if (
            format == NameIdFormats.EmailAddress
            && assertion.NameId?.Value.Contains('@', StringComparison.Ordinal) != true
        )
        {
            yield return $"NameID {assertion.NameId?.Value}";
        }
        var signatures = Regex.Count(
            sample.Xml,
            "<ds:Signature[ >]",
            RegexOptions.None,
            TimeSpan.FromSeconds(1)
        );
        var wanted =
            (connector.Sign ?? SignedParts.AssertionAndResponse) == SignedParts.AssertionAndResponse
                ? 2
                : 1;
        if (signatures != wanted)
        {
            yield return $"{signatures} signatures";
        }
        foreach (var attribute in connector.Attributes.Where(a => a.Sent))
        {
            var values = sample.Values(attribute.Name);
            if (attribute.Required && values.Count == 0)
            {
                yield return $"{attribute.Name} is missing";
            }
            if (attribute.Kind == AttributeKind.Groups)
            {
                var joined = attribute.Groups == GroupValues.Joined;
                if (
                    !values.SequenceEqual(
                        joined ? [string.Join(',', ConnectorSample.Groups)] : ConnectorSample.Groups
                    )
                )
                {
                    yield return $"{attribute.Name} is {string.Join('|', values)}";
                }
            }
            foreach (var value in values.Where(v => !Fits(attribute, v)))
            {
                yield return $"{attribute.Name} has {value}";
            }
        }
    }

    private static bool Fits(ConnectorAttribute attribute, string value) =>
        attribute.ValuePattern is null
        || Regex.IsMatch(
            value,
            $"^(?:{attribute.ValuePattern})$",
            RegexOptions.None,
            TimeSpan.FromSeconds(1)
        );

    public sealed class OnSqlite(SqliteIdentityProvider host)
        : ConnectorDemandsTests(host),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider host)
        : ConnectorDemandsTests(host),
            IClassFixture<PostgreSqlIdentityProvider>;
}
