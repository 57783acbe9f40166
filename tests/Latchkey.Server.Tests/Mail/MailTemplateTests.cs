using Latchkey.Server.Mail.Templates;

namespace Latchkey.Server.Tests.Mail;

/// <summary>Words become mails (J-111).</summary>
public sealed class MailTemplateTests
{
    [Fact]
    public void A_value_is_text_and_never_HTML_and_never_looked_into_again()
    {
        var mail = RenderedMail.Of(
            new MailWords { Subject = "S", Body = "Dear {name}" },
            new Dictionary<string, string>
            {
                ["name"] = "<b>{link}</b>",
                ["link"] = "https://x.test",
            },
            "en"
        );

        mail.Html().ShouldContain("Dear &lt;b&gt;{link}&lt;/b&gt;");
        mail.Text().ShouldContain("Dear <b>{link}</b>");
    }

    [Fact]
    public void Text_and_HTML_say_the_same()
    {
        var mail = RenderedMail.Of(
            new MailWords
            {
                Subject = "S",
                Title = "Title",
                Header = "Hello,",
                Body = "One\n\nTwo",
                Button = "Go",
                Contact = "Help",
            },
            new Dictionary<string, string> { ["link"] = "https://x.test/?a=1&b=2" },
            "en"
        );

        mail.Text()
            .ShouldBe(
                "Title\n\nHello,\n\nOne\n\nTwo\n\nGo:\nhttps://x.test/?a=1&b=2\n\n--\nHelp\n"
            );
        foreach (
            var part in new[]
            {
                "Title",
                "Hello,",
                "One",
                "Two",
                "Go",
                "Help",
                "https://x.test/?a=1&amp;b=2",
            }
        )
        {
            mail.Html().ShouldContain($">{part}<");
        }
    }

    [Theory]
    [InlineData("Hello {nmae}", "mail-placeholder-unknown")]
    [InlineData("", "mail-body-missing")]
    [InlineData("{link}", "mail-placeholder-unknown")]
    public void Words_that_do_not_fit_are_refused(string body, string code) =>
        MailTemplateService
            .Check(
                MailTemplates.Welcome,
                new MailWords
                {
                    Subject = "S",
                    Button = "B",
                    Body = body,
                }
            )
            .Select(p => p.Code)
            .ShouldBe([code]);
}
