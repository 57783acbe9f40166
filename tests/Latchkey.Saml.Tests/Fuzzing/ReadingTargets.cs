using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Inspection;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Tests.Issuing;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Fuzzing;

/// <summary>Whatever is shown to people is shown: no message stops the inspector, and what it indents can be read.</summary>
internal sealed class InspectionTarget : FuzzTarget
{
    private readonly SignedResponseTarget responses = new();
    private readonly EncryptedResponseTarget encrypted = new();
    private readonly RedirectRequestTarget queries = new();

    public override string Name => "inspection";

    public override byte[] Make(Random random)
    {
        if (random.Next(3) == 0)
            return queries.Make(random);
        byte[] message = (random.Next(2) == 0 ? responses : encrypted).Make(random);
        return random.Next(3) switch
        {
            0 => Encoding.ASCII.GetBytes(Convert.ToBase64String(message)),
            1 => Mutation.OfOctets(
                Encoding.ASCII.GetBytes(
                    "SAMLResponse=" + Uri.EscapeDataString(Convert.ToBase64String(message))
                ),
                random
            ),
            _ => message,
        };
    }

    public override void Check(byte[] input)
    {
        InspectedMessage message = MessageInspector.Inspect(input);
        if (message.Indented is null)
            message.Findings.ShouldNotBeEmpty();
        else
            message.Root.ShouldNotBeNull();
    }
}

/// <summary>Metadata of strangers is read or refused with a reason.</summary>
internal sealed class MetadataTarget : FuzzTarget
{
    private static readonly AlteredMessages Files = new(
        [
            .. Directory
                .GetFiles(TestData.PathOf("metadata"), "*.xml")
                .Order(StringComparer.Ordinal)
                .Select(File.ReadAllText),
        ],
        [ReceivedResponses.Written(SignedParts.AssertionAndResponse)]
    );

    public override string Name => "metadata";

    public override byte[] Make(Random random) => Files.Next(random);

    public override void Check(byte[] input)
    {
        Verdict<MetadataDocument> verdict = MetadataReader.Read(input, SampleResponses.Now);
        if (verdict.Accepted)
            verdict.Value!.Entities.ShouldNotBeEmpty();
        else
            verdict.Findings.ShouldNotBeEmpty();
    }
}
