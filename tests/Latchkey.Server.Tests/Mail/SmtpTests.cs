using System.Net.Mail;
using Latchkey.Server.Mail;
using Latchkey.Server.Mail.Smtp;

namespace Latchkey.Server.Tests.Mail;

/// <summary>The conversation with a mail server.</summary>
public sealed class SmtpTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("smtp://ada:p%40ss@mail.test", "mail.test:587 StartTls ada p@ss")]
    [InlineData("smtps://ada:secret@mail.test", "mail.test:465 Tls ada secret")]
    [InlineData("smtps://mail.test:4650", "mail.test:4650 Tls  ")]
    [InlineData("smtp://relay.test:2525?tls=off", "relay.test:2525 None  ")]
    [InlineData("smtp://[::1]:25?tls=off", "::1:25 None  ")]
    public void An_address_says_server_encryption_and_user(string text, string expected)
    {
        var address = SmtpAddress.Parse(text)!;
        $"{address.Shown} {address.Security} {address.Username} {address.Password}".ShouldBe(
            expected
        );
    }

    [Theory]
    [InlineData("mail.test:587")]
    [InlineData("http://mail.test")]
    [InlineData("smtp://mail.test/inbox")]
    [InlineData("smtp://mail.test?tls=maybe")]
    [InlineData("smtp://ada@mail.test")]
    public void What_is_no_address_of_a_mail_server_is_none(string text) =>
        SmtpAddress.Parse(text).ShouldBeNull();

    [Theory]
    [InlineData(nameof(SmtpSecurity.None))]
    [InlineData(nameof(SmtpSecurity.StartTls))]
    [InlineData(nameof(SmtpSecurity.Tls))]
    public async Task A_mail_arrives_under_every_encryption(string security)
    {
        await using var server = new TestMailServer
        {
            Security = Enum.Parse<SmtpSecurity>(security),
        };

        await SendAsync(server, Mail());

        server.Mails.ShouldHaveSingleItem().ShouldContain("Subject: Hello\n");
    }

    [Theory]
    [InlineData("AUTH PLAIN LOGIN")]
    [InlineData("AUTH LOGIN")]
    public async Task The_server_is_told_name_and_password_under_TLS(string offer)
    {
        await using var server = new TestMailServer
        {
            Security = SmtpSecurity.StartTls,
            Offers = [offer],
        };

        await SendAsync(server, Mail(), "secret");

        server.Mails.Count.ShouldBe(1);
        server.Commands.TakeWhile(c => c != "STARTTLS").ShouldNotContain(c => c.StartsWith("AUTH"));
    }

    [Fact]
    public async Task A_wrong_password_is_said_without_the_password()
    {
        await using var server = new TestMailServer
        {
            Security = SmtpSecurity.Tls,
            Offers = ["AUTH PLAIN"],
        };

        var refusal = await Should.ThrowAsync<MailNotSentException>(() =>
            SendAsync(server, Mail(), "wrong")
        );

        refusal.Error.Stored.ShouldBe("""["refused","AUTH PLAIN","535 no"]""");
        refusal.IsFinal.ShouldBeFalse();
    }

    [Fact]
    public async Task Without_the_STARTTLS_that_was_asked_for_nothing_is_sent()
    {
        await using var server = new TestMailServer();
        var address = server.Address() with { Security = SmtpSecurity.StartTls };

        var refusal = await Should.ThrowAsync<MailNotSentException>(() =>
            SmtpConnection.OpenAsync(address, "id.test", server.Trust, Ct)
        );

        refusal.Error.Code.ShouldBe("no-starttls");
        server.Commands.ShouldAllBe(c => c.StartsWith("EHLO"));
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_refused()
    {
        await using var server = new TestMailServer { Security = SmtpSecurity.Tls };

        var refusal = await Should.ThrowAsync<MailNotSentException>(() =>
            SmtpConnection.OpenAsync(server.Address(), "id.test", null, Ct)
        );

        refusal.Error.Code.ShouldBe("no-tls");
        server.Mails.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_smuggled_in_before_TLS_ends_the_conversation()
    {
        await using var server = new TestMailServer
        {
            Security = SmtpSecurity.StartTls,
            Smuggled = "\r\n250 injected",
        };

        var refusal = await Should.ThrowAsync<MailNotSentException>(() =>
            SendAsync(server, Mail())
        );

        refusal.Error.Code.ShouldBe("smuggled");
    }

    [Theory]
    [InlineData("550 no such user", true)]
    [InlineData("450 busy", false)]
    public async Task Only_a_5xx_about_the_recipient_is_final(string answer, bool final)
    {
        await using var server = new TestMailServer { RecipientAnswer = answer };

        var refusal = await Should.ThrowAsync<MailNotSentException>(() =>
            SendAsync(server, Mail())
        );

        refusal.IsFinal.ShouldBe(final);
        refusal.Error.Values.ShouldBe(["RCPT TO", answer]);
    }

    [Fact]
    public async Task After_a_refused_recipient_the_next_mail_goes_out_on_the_same_connection()
    {
        await using var server = new TestMailServer { RecipientAnswer = "550 no" };
        await using var connection = await SmtpConnection.OpenAsync(
            server.Address(),
            "id.test",
            null,
            Ct
        );
        await Should.ThrowAsync<MailNotSentException>(() => connection.SendAsync(Mail(), Ct));

        server.RecipientAnswer = "250 ok";
        await connection.SendAsync(Mail(), Ct);

        server.Mails.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Lines_that_begin_with_a_dot_arrive_as_they_were()
    {
        await using var server = new TestMailServer();

        await SendAsync(server, Mail() with { Text = "one\n.\n..two\n" });

        server.Mails.Single().ShouldContain("\none\n.\n..two\n");
    }

    [Fact]
    public async Task Nobody_writes_a_head_of_their_own()
    {
        await using var server = new TestMailServer();

        await SendAsync(server, Mail() with { Subject = "Hello\r\nBcc: eve@example.test" });

        server.Mails.Single().Split("\n\n")[0].ShouldNotContain("\nBcc:");
    }

    [Fact]
    public async Task Text_beyond_ASCII_arrives_also_where_8_bits_are_not_taken()
    {
        await using var server = new TestMailServer { Offers = [] };

        await SendAsync(server, Mail() with { Subject = "Grüße aus Köln", Text = "schöne Grüße" });

        var mail = server.Mails.Single();
        mail.ShouldContain("Subject: =?utf-8?B?R3LDvMOfZSBhdXMgS8O2bG4=?=");
        mail.ShouldContain(Convert.ToBase64String("schöne Grüße"u8));
        mail.ShouldAllBe(c => c < 128);
    }

    [Theory]
    [InlineData("ada@example.test", "ada@example.test")]
    [InlineData("ada@bücher.test", "ada@xn--bcher-kva.test")]
    [InlineData("ada", null)]
    [InlineData("a<b@example.test", null)]
    [InlineData("Ada <ada@example.test>", null)]
    [InlineData("ada@example.test\r\nRCPT TO:<eve@example.test>", null)]
    public void Only_what_a_mail_server_takes_is_an_address(string typed, string? expected) =>
        MailRecipients.Deliverable(typed).ShouldBe(expected);

    private static async Task SendAsync(
        TestMailServer server,
        OutgoingMail mail,
        string? password = null
    )
    {
        await using var connection = await SmtpConnection.OpenAsync(
            server.Address(password is null ? null : "ada", password),
            "id.test",
            server.Trust,
            Ct
        );
        await connection.SendAsync(mail, Ct);
    }

    private static OutgoingMail Mail() =>
        new(
            new MailAddress("no-reply@id.test", "Latchkey"),
            "ada@example.test",
            "Hello",
            "text",
            "<p>html</p>",
            Guid.Empty,
            DateTimeOffset.UnixEpoch
        );
}
