using Latchkey.Testing;
using Latchkey.Web;
using Latchkey.Web.Texts;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.Languages;

/// <summary>The server, speaking <see cref="PseudoTexts"/> to everybody.</summary>
public sealed class PseudoIdentityProvider() : TestIdentityProvider(Engine.Sqlite)
{
    protected override void Adjust(IServiceCollection services) =>
        services.AddSingleton<ITexts>(
            new PseudoTexts(
                new TextCatalogue(
                    TextFiles.Read([typeof(WebServices).Assembly, typeof(Program).Assembly]),
                    missingKeyThrows: true
                )
            )
        );
}
