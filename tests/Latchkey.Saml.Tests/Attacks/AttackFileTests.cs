using System.Diagnostics;
using Latchkey.Saml.Findings;

namespace Latchkey.Saml.Tests.Attacks;

/// <summary>
/// Each kept message of an attacker before the validator (security rules, section 2), by the rule that stops it. The
/// messages were made once, with the clock and the identifiers of the other tests and the keys under <c>Data/keys</c>; how
/// is said beside each. To make new or changed ones: LATCHKEY_TEST_RECORD=1 ./test.sh --only Saml.Tests -- --filter-class
/// '*Attack*', and read the difference.
/// </summary>
public sealed class AttackFileTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    // File, rule, verdict and findings.
    private static readonly Lazy<Dictionary<string, string>> Expected = new(() =>
        TestData.Text("attacks/expected.tsv").Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split('\t')).ToDictionary(cells => cells[0], cells => cells[2], StringComparer.Ordinal)
    );

    [Theory, MemberData(nameof(StoppedBy), "X1")]
    public void X1_A_document_that_parsers_read_differently_is_refused(string file) => Try(file);

    [Theory, MemberData(nameof(StoppedBy), "X2")]
    public void X2_What_is_made_to_exhaust_the_receiver_ends_at_a_bound(string file) => Try(file);

    [Theory, MemberData(nameof(StoppedBy), "X3")]
    public void X3_Duplicate_and_decoy_IDs_and_namespaces_that_are_none_are_refused(string file) => Try(file);

    [Theory, MemberData(nameof(StoppedBy), "X4")]
    public void X4_What_stands_where_it_does_not_belong_is_refused_or_never_seen(string file) => Try(file);

    [Theory, MemberData(nameof(StoppedBy), "S1")]
    public void S1_A_signature_that_does_not_sign_its_parent_is_refused(string file) => Try(file);

    [Theory, MemberData(nameof(StoppedBy), "S2")]
    public void S2_Other_transforms_and_canonicalizations_are_refused(string file) => Try(file);

    [Theory, MemberData(nameof(StoppedBy), "S3")]
    public void S3_A_signature_that_proves_nothing_is_refused(string file) => Try(file);

    [Theory, MemberData(nameof(StoppedBy), "S4")]
    public void S4_A_key_that_the_message_brings_along_is_no_key(string file) => Try(file);

    [Theory, MemberData(nameof(StoppedBy), "S5")]
    public void S5_A_signature_of_another_shape_is_refused(string file) => Try(file);

    [Theory, MemberData(nameof(StoppedBy), "S6")]
    public void S6_The_digest_of_nothing_signs_nothing(string file) => Try(file);

    [Theory, MemberData(nameof(StoppedBy), "S7")]
    public void S7_What_is_read_is_what_was_signed(string file) => Try(file);

    [Theory, MemberData(nameof(StoppedBy), "S8")]
    public void S8_One_signature_that_fails_fails_the_message(string file) => Try(file);

    [Theory, MemberData(nameof(StoppedBy), "S9")]
    public void S9_Something_else_that_is_signed_does_not_help(string file) => Try(file);

    [Theory, MemberData(nameof(StoppedBy), "S10")]
    public void S10_Without_the_demanded_signature_or_a_key_nothing_is_accepted(string file) => Try(file);

    [Theory, MemberData(nameof(StoppedBy), "E1")]
    public void E1_What_is_only_encrypted_is_not_trusted(string file) => Try(file);

    [Theory, MemberData(nameof(StoppedBy), "E2")]
    public void E2_No_oracle_is_offered(string file) => Try(file);

    [Theory, MemberData(nameof(StoppedBy), "E3")]
    public void E3_What_comes_out_is_one_element_that_stands_alone(string file) => Try(file);

    [Theory, MemberData(nameof(StoppedBy), "P1")]
    public void P1_A_Response_to_no_request_of_ours_is_refused_unless_allowed(string file) => Try(file);

    [Theory, MemberData(nameof(StoppedBy), "P2")]
    public void P2_Another_version_status_number_or_issuer_is_refused(string file) => Try(file);

    [Theory, MemberData(nameof(StoppedBy), "P3")]
    public void P3_A_Response_that_was_sent_elsewhere_is_refused(string file) => Try(file);

    [Theory, MemberData(nameof(StoppedBy), "P4")]
    public void P4_An_assertion_confirmed_for_somebody_else_is_refused(string file) => Try(file);

    [Theory, MemberData(nameof(StoppedBy), "P5")]
    public void P5_An_assertion_under_conditions_that_do_not_hold_is_refused(string file) => Try(file);

    [Theory, MemberData(nameof(StoppedBy), "P6")]
    public void P6_An_assertion_without_a_sign_in_that_counts_is_refused(string file) => Try(file);

    [Theory, MemberData(nameof(StoppedBy), "P8")]
    public void P8_What_only_looks_the_same_is_somebody_else(string file) => Try(file);

    [Theory, MemberData(nameof(StoppedBy), "B1")]
    public void B1_A_query_that_programs_read_differently_is_refused(string file) => Try(file);

    [Theory, MemberData(nameof(StoppedBy), "I2")]
    public void I2_An_unsigned_request_is_refused_where_signatures_are_demanded(string file) => Try(file);

    [Fact]
    public void Each_rule_that_stops_an_attack_has_its_test()
    {
        IEnumerable<string> tested = typeof(AttackFileTests).GetMethods().Select(method => method.Name.Split('_')[0]);

        AttackTable.All.Select(attack => attack.Rule).Except(tested).ShouldBeEmpty();
    }

    [Fact]
    public void Each_kept_message_has_its_row_and_each_row_its_message()
    {
        string folder = TestData.PathOf("attacks");
        IEnumerable<string> kept = Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))
            .Where(path => path.Contains('/', StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        string[] rows = [.. AttackTable.All.Select(attack => attack.File).Order(StringComparer.Ordinal)];

        kept.ShouldBe(rows);
        Expected.Value.Keys.Order(StringComparer.Ordinal).ShouldBe(rows);
    }

    [Fact]
    public void Each_kept_message_is_what_its_row_makes()
    {
        foreach (Attack attack in AttackTable.All.Where(attack => !attack.Random))
            attack.Make().AsSpan().SequenceEqual(attack.Message).ShouldBeTrue(attack.File);
    }

    public static TheoryData<string> StoppedBy(string rule) => [.. AttackTable.All.Where(attack => attack.Rule == rule).Select(attack => attack.File)];

    /// <summary>What was found, each code once.</summary>
    internal static string Codes(Attack attack)
    {
        (bool accepted, _, IReadOnlyList<Finding> findings) = attack.Judge();
        return string.Join(' ', findings.Select(finding => finding.Code).Distinct().Order(StringComparer.Ordinal).Prepend(accepted ? "accepted" : "refused"));
    }

    // The finding that the row names, and all the others that the recorded table lists.
    private static void Try(string file)
    {
        Attack attack = AttackTable.Of(file);
        Stopwatch watch = Stopwatch.StartNew();

        (bool accepted, string? nameId, IReadOnlyList<Finding> findings) = attack.Judge();

        string why = $"{attack.Rule}: {attack.What}\n{string.Join('\n', findings)}";
        watch.Elapsed.ShouldBeLessThan(Soon);
        if (attack.Code.Length > 0)
            findings.Select(finding => finding.Code).ShouldContain(attack.Code, why);
        accepted.ShouldBe(findings.All(finding => finding.Kind.Severity == Severity.Warning), why);
        if (file.EndsWith(".xml", StringComparison.Ordinal))
            nameId.ShouldBe(accepted ? attack.NameId : null, why);
        Codes(attack).ShouldBe(Expected.Value[file], why);
    }
}
