using System.Security.Cryptography;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;

namespace Latchkey.Bench.Core;

/// <summary>A signed aggregate of many entities, streamed from a file, against copying and hashing that file.</summary>
internal static class AggregateRows
{
    private const int Entities = 10_000;
    private const string Copy = "aggregate-10000-copy-and-hash";
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);

    /// <summary>Rates are medians over the rounds, each compared with the plain copy of the same round.</summary>
    public static IReadOnlyList<Row> Measure(int rounds)
    {
        using SigningKey key = SigningKey.Create("Federation", Now.AddDays(-1), Now.AddYears(3));
        using VerificationKey pinned = VerificationKey.FromCertificate(key.Certificate.RawData);
        string file = Path.Combine(Path.GetTempPath(), $"latchkey-{Guid.NewGuid():N}.xml");
        try
        {
            Write(file, key);
            double megabytes = new FileInfo(file).Length / 1e6;
            MetadataRules unsigned = new() { Now = Now };
            MetadataRules signed = unsigned with { Keys = [pinned] };

            CopyAndHash(file);
            Find(file, signed);
            Find(file, unsigned);
            List<double> copies = [];
            List<double> verified = [];
            List<double> read = [];
            for (int round = 0; round < rounds; round++)
            {
                copies.Add(megabytes / Seconds(() => CopyAndHash(file)));
                verified.Add(megabytes / Seconds(() => Find(file, signed)));
                read.Add(megabytes / Seconds(() => Find(file, unsigned)));
            }
            return
            [
                new Row("aggregate-10000-size", megabytes, "MB"),
                new Row(Copy, Median(copies), "MB/s"),
                Rate("aggregate-10000-find-verified", verified, copies),
                Rate("aggregate-10000-find-unsigned", read, copies),
                new Row("aggregate-10000-peak-growth", PeakAlive(file, signed) / 1e6, "MB"),
            ];
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static Row Rate(string name, List<double> rates, List<double> copies) =>
        new(
            name,
            Median(rates),
            "MB/s",
            Median(rates.Zip(copies, (one, copy) => one / copy)),
            Copy
        );

    private static void CopyAndHash(string file)
    {
        using FileStream stream = File.OpenRead(file);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[64 * 1024];
        byte[] copy = new byte[buffer.Length];
        for (int read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
        {
            buffer.AsSpan(0, read).CopyTo(copy);
            hash.AppendData(copy.AsSpan(0, read));
        }
        hash.GetHashAndReset();
    }

    private static void Find(string file, MetadataRules rules)
    {
        using FileStream stream = File.OpenRead(file);
        Find(stream, rules);
    }

    // Everything completes at once on a file that is read synchronously, so that the thread's clock sees all of it.
    private static void Find(Stream stream, MetadataRules rules)
    {
        Task<Saml.Findings.Verdict<EntityDescriptor>> found = MetadataAggregate.FindAsync(
            new Synchronous(stream),
            EntityId(Entities / 2),
            rules
        );
        if (!found.IsCompletedSuccessfully || !found.Result.Accepted)
            throw new InvalidOperationException("The entity was not found.");
    }

    private static double Seconds(Action run)
    {
        double start = ThreadClock.Now();
        run();
        return (ThreadClock.Now() - start) / 1e6;
    }

    // Bytes alive while the file passes by, less what was alive before; buffers that the pool held already count as before.
    private static double PeakAlive(string file, MetadataRules rules)
    {
        using FileStream stream = File.OpenRead(file);
        using Sampling sampling = new(stream);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Find(sampling, rules);
        return Math.Max(0, sampling.MostAlive - before);
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static void Write(string file, SigningKey key)
    {
        byte[] certificate = key.Certificate.RawData;
        File.WriteAllBytes(
            file,
            MetadataWriter.Write(
                new EntitiesDescriptor([
                    .. Enumerable.Range(0, Entities).Select(n => Entity(n, certificate)),
                ])
                {
                    Name = "urn:example:federation",
                    ValidUntil = Now.AddDays(14),
                },
                IdSource.Random.Next(),
                key
            )
        );
    }

    private static string EntityId(int number) => $"https://sp{number}.example.test/shibboleth";

    private static EntityDescriptor Entity(int number, byte[] certificate) =>
        new()
        {
            EntityId = EntityId(number),
            Organization = new Organization("Example", $"Example {number}", "https://example.test"),
            Contacts =
            [
                new(ContactType.Technical) { EmailAddresses = ["mailto:sso@example.test"] },
            ],
            ServiceProvider = new ServiceProviderRole
            {
                SigningCertificates = [certificate],
                EncryptionCertificates = [certificate],
                AssertionConsumerServices =
                [
                    new(SamlBindings.Post, $"https://sp{number}.example.test/acs", 0, true),
                    new(SamlBindings.Post, $"https://sp{number}.example.test/acs2", 1),
                ],
                UiInfo = new UiInfo
                {
                    DisplayNames = [new("en", $"Service {number}"), new("de", $"Dienst {number}")],
                    Descriptions = [new("en", "A service of the example federation")],
                },
            },
        };
}
