namespace Latchkey.Saml.Tests.Valid;

/// <summary>Every message that is kept under <c>Data/valid</c>.</summary>
internal static class ValidMessages
{
    public static IReadOnlyList<ValidMessage> All { get; } =
        Kept([.. ValidForms.All, .. ValidValues.All, .. ValidContents.All]);

    public static ValidMessage Of(string file) => All.Single(message => message.File == file);

    // With LATCHKEY_TEST_RECORD=1 the messages are made anew.
    private static ValidMessage[] Kept(ValidMessage[] messages)
    {
        if (TestData.Recording)
            foreach (ValidMessage message in messages)
                TestData.Write(
                    "valid/" + message.File,
                    System.Text.Encoding.UTF8.GetBytes(message.Make())
                );
        return messages;
    }
}
