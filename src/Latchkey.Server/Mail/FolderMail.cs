using System.Globalization;
using Latchkey.Server.Mail.Smtp;
using Latchkey.Server.Storage;

namespace Latchkey.Server.Mail;

/// <summary>Mail for a machine without a mail server: each becomes a file that mail programs open, and the log says where.</summary>
internal sealed partial class FolderMail(string folder, ILogger log) : IMailConnection
{
    public Task SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        var to = new string([
            .. mail.To.Select(c => char.IsLetterOrDigit(c) || c is '.' or '-' ? c : '_'),
        ]);
        var name = string.Create(
            CultureInfo.InvariantCulture,
            $"{mail.At:yyyyMMdd-HHmmss}-{to[..Math.Min(to.Length, 80)]}-{mail.Id:N}.eml"
        );
        var path = Path.Combine(folder, name);
        try
        {
            System.IO.Directory.CreateDirectory(folder);
            // A second try of the same mail: the file is there already, or a broken one is.
            File.Delete(path);
            // Links that open accounts: for the owner's eyes only.
            PrivateFile.Create(path, MimeWriter.Write(mail, eightBit: true));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MailNotSentException(new MailError("folder", folder, e.Message), inner: e);
        }
        LogWritten(log, mail.To, path);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [LoggerMessage(Level = LogLevel.Information, Message = "Mail to {Recipient}: {Path}")]
    private static partial void LogWritten(ILogger log, string recipient, string path);
}
