namespace Latchkey.Saml.Tests.Attacks;

/// <summary>Every message of an attacker that is kept under <c>Data/attacks</c>.</summary>
internal static class AttackTable
{
    /// <summary>In the order of the page about attacks.</summary>
    public static IReadOnlyList<Attack> All { get; } = Kept([
        .. WrappingAttacks.All,
        .. SignatureAttacks.All,
        .. KeyAttacks.All,
        .. XmlAttacks.All,
        .. EncryptionAttacks.All,
        .. MeaningAttacks.All,
        .. RedirectAttacks.All,
    ]);

    private static readonly Dictionary<string, Attack> ByFile = All.ToDictionary(attack => attack.File, StringComparer.Ordinal);

    public static Attack Of(string file) => ByFile[file];

    private static Attack[] Kept(Attack[] attacks)
    {
        if (TestData.Recording)
        {
            AttackRecorder.Record(attacks);
        }
        return attacks;
    }
}
