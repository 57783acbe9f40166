using System.Globalization;
using System.Text;

namespace Latchkey.Server.Mail.Smtp;

/// <summary>What a server answered (RFC 5321 section 4.2).</summary>
/// <param name="Code">Three digits.</param>
/// <param name="Lines">The text of each line.</param>
internal sealed record SmtpReply(int Code, IReadOnlyList<string> Lines)
{
    public bool IsPositive => Code is >= 200 and < 400;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Code} {string.Join(' ', Lines)}");
}

/// <summary>Commands out, replies in, over any stream. What a server sends is bounded in length and stripped of control characters.</summary>
internal sealed class SmtpLines(Stream stream)
{
    /// <summary>RFC 5321 section 4.5.3.1.5 asks for 512; some servers are chattier.</summary>
    private const int LongestLine = 2048;

    private const int MostLines = 128;

    private readonly byte[] _buffer = new byte[4096];
    private int _start;
    private int _end;

    /// <summary>Whether the server said more than was asked: before STARTTLS that is an injection (CVE-2011-0411).</summary>
    public bool HasUnread => _start < _end;

    public async Task SendAsync(string line, CancellationToken cancellationToken)
    {
        if (line.AsSpan().ContainsAny('\r', '\n'))
        {
            throw new ArgumentException("A command is one line.", nameof(line));
        }
        await stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(bytes, cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    public async Task<SmtpReply> ReadAsync(CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        while (lines.Count < MostLines)
        {
            var line = await ReadLineAsync(cancellationToken);
            if (
                line.Length < 3
                || !int.TryParse(
                    line.AsSpan(0, 3),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var code
                )
            )
            {
                throw new MailNotSentException(new MailError("no-reply", line));
            }
            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length == 3 || line[3] == ' ')
            {
                return new SmtpReply(code, lines);
            }
        }
        throw new MailNotSentException(new MailError("endless"));
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_start == _end)
            {
                (_start, _end) = (0, await stream.ReadAsync(_buffer, cancellationToken));
                if (_end == 0)
                {
                    throw new MailNotSentException(new MailError("ended"));
                }
            }
            var c = (char)_buffer[_start++];
            if (c == '\n')
            {
                return line.ToString();
            }
            if (!char.IsControl(c))
            {
                line.Append(c);
            }
            if (line.Length > LongestLine)
            {
                throw new MailNotSentException(new MailError("endless-line"));
            }
        }
    }
}
