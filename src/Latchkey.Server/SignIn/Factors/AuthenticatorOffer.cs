using QRCoder;

namespace Latchkey.Server.SignIn.Factors;

/// <summary>An authenticator app to be set up.</summary>
/// <param name="Picture">The QR code, an SVG element of ours without anything of a stranger's in it.</param>
/// <param name="Text">The secret, to type.</param>
/// <param name="Address">The same as the picture says, for apps on this very device.</param>
internal sealed record AuthenticatorOffer(string Picture, string Text, string Address)
{
    /// <summary>A secret as it is shown.</summary>
    /// <param name="secret">See <see cref="Totp"/>.</param>
    /// <param name="issuer">What the app shows it as: this server's host name.</param>
    /// <param name="username">Whose.</param>
    public static AuthenticatorOffer Of(byte[] secret, string issuer, string username)
    {
        var address = Totp.Address(secret, issuer, username);
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(address, QRCodeGenerator.ECCLevel.M);
        using var picture = new SvgQRCode(data);
        // Sized by its viewBox, so that no style is needed; the quiet zone is part of the picture, dark on light in every theme.
        var svg = picture.GetGraphic(
            new System.Drawing.Size(200, 200),
            "#000000",
            "#ffffff",
            drawQuietZones: true,
            SvgQRCode.SizingMode.ViewBoxAttribute
        );
        return new(svg, Totp.Text(secret), address);
    }
}
