using System.CommandLine;
using System.Text;
using System.Text.Unicode;
using Latchkey.Saml.Inspection;

namespace Latchkey.Cli.Saml;

/// <summary><c>latchkey saml decode</c>: shows a message, whatever it is packed in.</summary>
internal static class DecodeCommand
{
    private const string Summary =
        "Shows what a message holds: unpacked, indented, with its signatures and encryption explained.";

    private const string Details = """
        MESSAGE is a file, or the text itself: XML, the base64 of a form field, a URL or query with SAMLRequest or
        SAMLResponse, a SOAP envelope, an artifact. Without it, or with -, the message comes from standard input. Nothing is verified and nothing
        may be trusted; latchkey saml verify does that.

        Examples:
          latchkey saml decode response.b64
          latchkey saml decode 'https://idp.example.com/sso?SAMLRequest=fZFfa8…&SigAlg=…'
          xclip -o | latchkey saml decode
          latchkey saml decode response.b64 --xml > response.xml

        Exit code: 0 shown, 1 the message cannot be read, 2 unusable arguments.
        """;

    public static Command Build()
    {
        var message = new Argument<string?>("MESSAGE")
        {
            Description = "A file, or the message itself. Default: standard input.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var xml = new Option<bool>("--xml")
        {
            Description = "Print only the XML, exactly as it was packed: what other tools need.",
        };
        return new ExplainedCommand("decode", Summary, Details) { message, xml }.Does(
            async (parsed, output, cancellationToken) =>
            {
                var given = parsed.GetValue(message) ?? Input.StandardInput;
                var isFile = given == Input.StandardInput || File.Exists(given);
                var octets = isFile
                    ? await Input.ReadAsync(given, cancellationToken)
                    : Encoding.UTF8.GetBytes(given);
                var code = await RunAsync(octets, parsed.GetValue(xml), output);
                if (code != SamlCommand.Accepted && !isFile)
                {
                    await output.WriteLineAsync(
                        "There is no file of this name, so it was taken for the message itself."
                    );
                }
                return code;
            }
        );
    }

    private static async Task<int> RunAsync(byte[] input, bool xmlOnly, TextWriter output)
    {
        var message = MessageInspector.Inspect(input);
        // Other octets than UTF-8 are no XML that could be wanted; what is wrong with them is said below.
        if (xmlOnly && !message.Xml.IsEmpty && Utf8.IsValid(message.Xml.Span))
        {
            await output.WriteAsync(Encoding.UTF8.GetString(message.Xml.Span));
            return SamlCommand.Accepted;
        }
        if (message.Indented is not null)
        {
            await output.WriteLineAsync(message.Indented);
        }
        foreach (var line in Explanation.Of(message))
        {
            await output.WriteLineAsync(line);
        }
        foreach (var finding in message.Findings)
        {
            await FindingText.WriteAsync(output, finding);
        }
        return message.Indented is null && message.Artifact is null
            ? SamlCommand.Refused
            : SamlCommand.Accepted;
    }
}
