using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Latchkey.Server.Settings.Keys;

/// <summary>Whether what is encrypted at rest can be opened.</summary>
internal sealed class KeyRing(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector(
        "Latchkey.KeyRing.Check"
    );

    /// <summary>Makes the first key if there is none; throws if the ring does not open.</summary>
    public void Open() => _protector.Unprotect(_protector.Protect([1]));

    public bool Opens()
    {
        try
        {
            Open();
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
