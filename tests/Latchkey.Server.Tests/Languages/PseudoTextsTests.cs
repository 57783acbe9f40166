namespace Latchkey.Server.Tests.Languages;

/// <summary>The language that nobody speaks, see <see cref="PseudoTexts"/>.</summary>
public sealed class PseudoTextsTests
{
    [Theory]
    [InlineData("Save {0} of {1}", "⟦Sávé {0} óf {1} ~~~~~~~⟧")]
    [InlineData("Hello {name}", "⟦Hélló {name} ~~~~~⟧")]
    public void It_keeps_values_and_is_longer(string text, string said) =>
        PseudoTexts.Of(text).ShouldBe(said);

    [Theory]
    [InlineData("⟦Sávé ~~⟧", "")]
    [InlineData("⟦Sávé ⟦áll ~~⟧ ~~⟧", "")]
    [InlineData("⟦Sávé ~~⟧ now", "now")]
    public void And_shows_what_was_said_without_it(string said, string own) =>
        PseudoTexts.Outside(said).ShouldBe(own);
}
