namespace Latchkey.Saml.Tests.Fuzzing;

/// <summary>
/// What holds for every input, tried with inputs made at random: a moment in each run, as long as wanted with
/// <c>./test.sh --fuzz</c> (docs/explanation/how-the-core-is-tested.md).
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private static readonly FuzzTarget[] Targets =
    [
        new ReaderTarget(ReaderTarget.Source.Generated),
        new ReaderTarget(ReaderTarget.Source.Ruined),
        new ReaderTarget(ReaderTarget.Source.Messages),
        new CanonicalFormTarget(),
        new CanonicalFormOfPartsTarget(),
        new SignedResponseTarget(),
        new EncryptedResponseTarget(),
        new AttackingResponseTarget(),
        new PostedRequestTarget(),
        new RedirectRequestTarget(),
        new LogoutRequestTarget(inEnvelope: false),
        new LogoutRequestTarget(inEnvelope: true),
        new ArtifactAnswerTarget(),
        new Base64Target(),
        new DeflateTarget(),
        new InspectionTarget(),
        new MetadataTarget(),
    ];

    public static TheoryData<string> Names => [.. Targets.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Holds_for_inputs_made_at_random(string name)
    {
        FuzzTarget target = Named(name);
        output.WriteLine($"{name}: from seed {FuzzRun.Seed}");

        int tried = FuzzRun.Try(target, FuzzRun.Share(Targets.Length));

        output.WriteLine($"{name}: {tried} inputs");
    }

    [Fact]
    public void Holds_for_everything_that_failed_once()
    {
        foreach (string folder in Directory.GetDirectories(TestData.PathOf("fuzz")))
        foreach (string file in Directory.GetFiles(folder))
            FuzzRun
                .Failure(Named(Path.GetFileName(folder)), File.ReadAllBytes(file))
                .ShouldBeNull(file);
    }

    private static FuzzTarget Named(string name) => Targets.Single(target => target.Name == name);
}
