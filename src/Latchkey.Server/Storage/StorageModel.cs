using Latchkey.Server.Api.Idempotency;
using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Differences;
using Latchkey.Server.Applications.Following;
using Latchkey.Server.Applications.Handover;
using Latchkey.Server.Certificates;
using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.Directory.Import;
using Latchkey.Server.Insights;
using Latchkey.Server.Mail;
using Latchkey.Server.Mail.Templates;
using Latchkey.Server.Portal;
using Latchkey.Server.Portal.Brand;
using Latchkey.Server.Settings;
using Latchkey.Server.SignIn;
using Latchkey.Server.SignIn.Factors;
using Latchkey.Server.SignIn.Passwords;
using Latchkey.Server.SignIn.Sessions;
using Latchkey.Server.SingleLogout;
using Latchkey.Server.SingleSignOn;
using Latchkey.Server.Storage.Search;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Storage;

/// <summary>Keys, relations and indices. The migrations say the same in the database's words; a test holds the two together.</summary>
internal static class StorageModel
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

    private static void Directory(ModelBuilder model)
    {
        model.Entity<User>(user =>
        {
            user.Property(u => u.Id).ValueGeneratedNever();
            user.Property(u => u.Addresses).IsJson();
            user.Property(u => u.PhoneNumbers).IsJson();
            user.Property(u => u.Attributes).IsJson();
            user.Property(u => u.Version).IsConcurrencyToken();
            user.Property(u => u.SearchText).IsFollowing();
            user.HasIndex(u => u.NormalizedUsername).IsUnique();
            user.HasIndex(u => u.Email).IsUnique();
            // Both engines let a unique index hold any number of nulls.
            user.HasIndex(u => u.EmployeeIdentifier).IsUnique();
            user.HasIndex(u => u.ManagerId);
            user.HasIndex(u => u.PasswordFormat);
            user.HasOne<User>()
                .WithMany()
                .HasForeignKey(u => u.ManagerId)
                .OnDelete(DeleteBehavior.SetNull);
        });
        model.Entity<Group>(group =>
        {
            group.Property(g => g.Id).ValueGeneratedNever();
            group.Property(g => g.Version).IsConcurrencyToken();
            group.Property(g => g.SearchText).IsFollowing();
            group.Property(g => g.Rule!).IsJson();
            group.Property(g => g.Attributes).IsJson();
            group.HasIndex(g => g.NormalizedName).IsUnique();
        });
        model.Entity<GroupMember>(member =>
        {
            member.HasKey(m => new { m.GroupId, m.UserId });
            member.HasIndex(m => m.UserId);
            member.HasOne<Group>().WithMany().HasForeignKey(m => m.GroupId);
            member.HasOne<User>().WithMany().HasForeignKey(m => m.UserId);
        });
        model.Entity<AttributeDefinition>().HasKey(d => d.Name);
        model.Entity<AccountLink>(link =>
        {
            link.Property(l => l.Id).ValueGeneratedNever();
            link.HasIndex(l => l.TokenHash).IsUnique();
            link.HasIndex(l => l.UserId);
            link.HasIndex(l => l.ExpiresAt);
            link.HasOne<User>().WithMany().HasForeignKey(l => l.UserId);
        });
        model.Entity<ScheduledState>(scheduled =>
        {
            scheduled.HasKey(s => new { s.UserId, s.State });
            scheduled.HasIndex(s => s.At);
            scheduled.HasOne<User>().WithMany().HasForeignKey(s => s.UserId);
        });
    }

    private static void Import(ModelBuilder model)
    {
        model.Entity<UserImport>(import =>
        {
            import.Property(i => i.Id).ValueGeneratedNever();
            import.Property(i => i.RowsDone).IsConcurrencyToken();
            // Whoever stops it has the last word.
            import.Property(i => i.State).IsConcurrencyToken();
            import.Ignore(i => i.IsRunning);
            import.HasIndex(i => i.State);
        });
        model.Entity<UserImportChunk>(chunk =>
        {
            chunk.HasKey(c => new { c.ImportId, c.Number });
            chunk.HasOne<UserImport>().WithMany().HasForeignKey(c => c.ImportId);
        });
        model.Entity<UserImportLink>(link =>
        {
            link.HasKey(l => new { l.ImportId, l.Row });
            link.HasOne<UserImport>().WithMany().HasForeignKey(l => l.ImportId);
        });
        model.Entity<UserImportProblem>(problem =>
        {
            problem.HasKey(p => new { p.ImportId, p.Number });
            problem.Property(p => p.Args).IsJson();
            problem.HasOne<UserImport>().WithMany().HasForeignKey(p => p.ImportId);
        });
    }

    private static void Applications(ModelBuilder model, StorageEngine engine)
    {
        model.Entity<Application>(application =>
        {
            application.Property(a => a.Id).ValueGeneratedNever();
            application.Property(a => a.AcsEndpoints).IsJson();
            application.Property(a => a.SloEndpoints).IsJson();
            application.Property(a => a.SpSigningCertificates).IsJson();
            application.Property(a => a.SpEncryptionCertificates).IsJson();
            application.Property(a => a.Attributes).IsJson();
            application.Property(a => a.Categories).IsJson();
            application.Property(a => a.RequiredAttributes).IsJson();
            application.Property(a => a.AuthnContext).IsJson();
            application.Property(a => a.ConnectorVariables).IsJson();
            application.Property(a => a.Version).IsConcurrencyToken();
            application.Property(a => a.SearchText).IsFollowing();
            application.HasIndex(a => a.Slug).IsUnique();
            application.HasIndex(a => a.IdpEntityId).IsUnique();
            application.HasIndex(a => a.SpEntityId);
            if (engine == StorageEngine.Sqlite)
            {
                // Searching and counting read the index alone, not the wide rows; PostgreSQL's entries have to be short.
                application.HasIndex(a => new
                {
                    a.Label,
                    a.Id,
                    a.SearchText,
                });
            }
            else
            {
                application.HasIndex(a => new { a.Label, a.Id });
            }
        });
        model.Entity<ApplicationGroup>(granted =>
        {
            granted.HasKey(g => new { g.ApplicationId, g.GroupId });
            granted.HasIndex(g => g.GroupId);
            granted.HasOne<Application>().WithMany().HasForeignKey(g => g.ApplicationId);
            granted.HasOne<Group>().WithMany().HasForeignKey(g => g.GroupId);
        });
        model.Entity<ApplicationUser>(granted =>
        {
            granted.HasKey(g => new { g.ApplicationId, g.UserId });
            granted.HasIndex(g => g.UserId);
            granted.HasOne<Application>().WithMany().HasForeignKey(g => g.ApplicationId);
            granted.HasOne<User>().WithMany().HasForeignKey(g => g.UserId);
        });
        model.Entity<ApplicationCertificate>(certificate =>
        {
            certificate.Property(c => c.Id).ValueGeneratedNever();
            certificate.HasIndex(c => c.ApplicationId);
            certificate.HasIndex(c => c.RetireAt);
            certificate.HasIndex(c => c.NotAfter);
            certificate.HasOne<Application>().WithMany().HasForeignKey(c => c.ApplicationId);
        });
        model.Entity<MetadataReading>(reading =>
        {
            reading.HasKey(r => new { r.ApplicationId, r.ClientIp });
            reading.HasOne<Application>().WithMany().HasForeignKey(r => r.ApplicationId);
        });
        model.Entity<HandoverLink>(link =>
        {
            link.Property(l => l.Id).ValueGeneratedNever();
            link.HasIndex(l => l.TokenHash).IsUnique();
            link.HasIndex(l => l.ApplicationId);
            link.HasOne<Application>().WithMany().HasForeignKey(l => l.ApplicationId);
        });
        model.Entity<PersistentNameId>(nameId =>
        {
            nameId.HasKey(n => new { n.UserId, n.SpEntityId });
            nameId.HasIndex(n => new { n.SpEntityId, n.Value }).IsUnique();
            nameId.HasOne<User>().WithMany().HasForeignKey(n => n.UserId);
        });
    }

    private static void Metadata(ModelBuilder model)
    {
        model.Entity<MetadataCopy>(copy =>
        {
            copy.HasKey(c => c.ApplicationId);
            copy.HasOne<Application>().WithOne().HasForeignKey<MetadataCopy>(c => c.ApplicationId);
        });
        model.Entity<MetadataProposal>(proposal =>
        {
            proposal.Property(p => p.Id).ValueGeneratedNever();
            proposal.Property(p => p.Held).IsJson();
            proposal.HasIndex(p => p.ApplicationId);
            proposal.HasOne<Application>().WithMany().HasForeignKey(p => p.ApplicationId);
        });
        model.Entity<FollowedMetadata>(followed =>
        {
            followed.HasKey(f => f.ApplicationId);
            followed.Property(f => f.PinnedCertificates).IsJson();
            followed.Property(f => f.ProblemArgs).IsJson();
            followed.Property(f => f.Version).IsConcurrencyToken();
            followed.HasIndex(f => f.NextAt);
            followed
                .HasOne<Application>()
                .WithOne()
                .HasForeignKey<FollowedMetadata>(f => f.ApplicationId);
        });
    }

    private static void SignIn(ModelBuilder model)
    {
        model.Entity<Session>(session =>
        {
            session.Property(s => s.Id).ValueGeneratedNever();
            session.HasIndex(s => s.TokenHash).IsUnique();
            session.HasIndex(s => s.UserId);
            session.HasIndex(s => s.ExpiresAt);
            session.HasIndex(s => s.EndedAt);
            session.HasOne<User>().WithMany().HasForeignKey(s => s.UserId);
        });
        model.Entity<SessionParticipant>(participant =>
        {
            participant.Property(p => p.Id).ValueGeneratedNever();
            participant.HasIndex(p => p.SessionIndex).IsUnique();
            participant.HasIndex(p => p.SessionId);
            participant.HasIndex(p => p.ApplicationId);
            participant.HasOne<Session>().WithMany().HasForeignKey(p => p.SessionId);
            participant.HasOne<Application>().WithMany().HasForeignKey(p => p.ApplicationId);
        });
        model.Entity<KnownBrowser>(browser =>
        {
            browser.Property(b => b.Id).ValueGeneratedNever();
            browser.HasIndex(b => new { b.TokenHash, b.UserId }).IsUnique();
            browser.HasIndex(b => b.UserId);
            browser.HasIndex(b => b.LastSeenAt);
            browser.HasOne<User>().WithMany().HasForeignKey(b => b.UserId);
        });
        model.Entity<SignInState>(state =>
        {
            state.Property(s => s.Id).ValueGeneratedNever();
            state.HasIndex(s => s.ExpiresAt);
            state.HasIndex(s => s.ApplicationId);
            state
                .HasOne<Application>()
                .WithMany()
                .HasForeignKey(s => s.ApplicationId)
                .OnDelete(DeleteBehavior.Cascade);
        });
        // No relation to the application: its rows run out by themselves, and one check less on every sign-in.
        model.Entity<AnsweredRequest>(answered =>
        {
            answered.HasKey(a => new { a.ApplicationId, a.RequestId });
            answered.HasIndex(a => a.ExpiresAt);
        });
    }

    private static void SingleLogout(ModelBuilder model)
    {
        // No relation to the user, whose deletion is a reason to tell everybody, nor to the session.
        model.Entity<Logout>(logout =>
        {
            logout.Property(l => l.Id).ValueGeneratedNever();
            logout.Ignore(l => l.HasBrowser);
            logout.HasIndex(l => l.ExpiresAt);
            logout.HasIndex(l => l.FinishedAt);
            logout.HasIndex(l => l.BrowserHash);
        });
        model.Entity<LogoutParticipant>(participant =>
        {
            participant.Property(p => p.Id).ValueGeneratedNever();
            participant.Property(p => p.Subject).IsJson();
            participant.Property(p => p.SessionIndexes).IsJson();
            participant.HasIndex(p => p.LogoutId);
            participant.HasIndex(p => p.ApplicationId);
            participant.HasIndex(p => p.NextAttemptAt);
            participant.HasOne<Logout>().WithMany().HasForeignKey(p => p.LogoutId);
            participant.HasOne<Application>().WithMany().HasForeignKey(p => p.ApplicationId);
        });
    }

    private static void Factors(ModelBuilder model)
    {
        model.Entity<Authenticator>(authenticator =>
        {
            authenticator.HasKey(a => a.UserId);
            authenticator.HasOne<User>().WithOne().HasForeignKey<Authenticator>(a => a.UserId);
        });
        model.Entity<Passkey>(passkey =>
        {
            passkey.Property(p => p.Id).ValueGeneratedNever();
            passkey.HasIndex(p => p.CredentialId).IsUnique();
            passkey.HasIndex(p => p.UserId);
            passkey.HasOne<User>().WithMany().HasForeignKey(p => p.UserId);
        });
        model.Entity<RecoveryCode>(code =>
        {
            code.Property(c => c.Id).ValueGeneratedNever();
            code.HasIndex(c => c.UserId);
            code.HasOne<User>().WithMany().HasForeignKey(c => c.UserId);
        });
        model.Entity<FactorStanding>(standing =>
        {
            standing.HasKey(s => s.UserId);
            standing.HasOne<User>().WithOne().HasForeignKey<FactorStanding>(s => s.UserId);
            standing.HasIndex(s => s.ExcludedUntil).HasFilter("excluded_until IS NOT NULL");
        });
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
