using Latchkey.Server.Api.Idempotency;
using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Applications;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Mail;
using Latchkey.Server.Mail.Templates;
using Latchkey.Server.Portal;
using Latchkey.Server.Portal.Brand;
using Latchkey.Server.Settings;
using Latchkey.Server.SignIn.Passwords;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Storage;

/// <summary>Keys, relations and indices. The migrations say the same in the database's words; a test holds the two together.</summary>
internal static partial class StorageModel
{
    public static void Configure(ModelBuilder model, StorageEngine engine)
    {
        Directory(model);
        Import(model);
        Applications(model, engine);
        Metadata(model);
        SignIn(model);
        SingleLogout(model);
        Factors(model);
        PasswordsModel.Configure(model);
        Portal(model);
        Record(model);
        Mail(model);
        Settings(model);
    }

    private static void Portal(ModelBuilder model)
    {
        model.Entity<PortalFavorite>(favorite =>
        {
            favorite.HasKey(f => new { f.UserId, f.ApplicationId });
            favorite.HasIndex(f => f.ApplicationId);
            favorite.HasOne<User>().WithMany().HasForeignKey(f => f.UserId);
            favorite.HasOne<Application>().WithMany().HasForeignKey(f => f.ApplicationId);
        });
        model.Entity<BrandPicture>(picture => picture.HasKey(p => p.Name));
    }

    // No relations either: an event outlives what it tells of.
    private static void Record(ModelBuilder model) =>
        model.Entity<Event>(happened =>
        {
            happened.Property(e => e.Id).ValueGeneratedNever();
            happened.HasIndex(e => e.At).IsDescending();
            happened.HasIndex(e => e.ReferenceCode);
            happened.HasIndex(e => new { e.Type, e.At }).IsDescending(false, true);
            happened.HasIndex(e => new { e.ActorId, e.At }).IsDescending(false, true);
            // Sign-ins, most of all events, are found by their application.
            happened
                .HasIndex(e => new { e.TargetId, e.At })
                .IsDescending(false, true)
                .HasFilter("target_type = 'user'");
            happened.HasIndex(e => new { e.ApplicationId, e.At }).IsDescending(false, true);
            happened.HasIndex(e => new { e.ClientIp, e.At }).IsDescending(false, true);
            // Most events went well: the index holds the others.
            happened
                .HasIndex(e => new { e.FindingCode, e.At })
                .IsDescending(false, true)
                .HasFilter("finding_code IS NOT NULL");
        });

    private static void Mail(ModelBuilder model)
    {
        model.Entity<QueuedMail>(mail =>
        {
            mail.Property(m => m.Id).ValueGeneratedNever();
            mail.HasIndex(m => new { m.State, m.NextAttemptAt });
            mail.HasIndex(m => m.UserId);
            mail.HasOne<User>()
                .WithMany()
                .HasForeignKey(m => m.UserId)
                .OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<MailTemplateText>(text =>
        {
            text.ToTable("mail_words");
            text.HasKey(t => new { t.Template, t.Language });
            text.Property(t => t.Words).IsJson();
        });
    }

    private static void Settings(ModelBuilder model)
    {
        model.Entity<Setting>().HasKey(s => s.Name);
        model.Entity<ApiToken>(token =>
        {
            token.Property(t => t.Id).ValueGeneratedNever();
            token.Property(t => t.Scopes!).IsJson();
            token.HasIndex(t => t.TokenHash).IsUnique();
            token.HasIndex(t => t.UserId);
            token.HasOne<User>().WithMany().HasForeignKey(t => t.UserId);
        });
        model.Entity<IdempotentAnswer>(answer =>
        {
            answer.HasKey(a => new { a.TokenId, a.Key });
            answer.HasIndex(a => a.CreatedAt);
            answer.HasOne<ApiToken>().WithMany().HasForeignKey(a => a.TokenId);
        });
        model.Entity<DataProtectionKey>().Property(k => k.Id).ValueGeneratedNever();
    }
}
