using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

internal sealed partial class Initial
{
    private void CreateApplications(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "applications",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    id = c.Id(),
                    slug = c.Text(),
                    label = c.Text(),
                    description = c.Text(nullable: true),
                    active = c.Flag(),
                    idp_entity_id = c.Text(),
                    sp_entity_id = c.Text(),
                    acs_endpoints = c.Text(),
                    slo_endpoints = c.Text(),
                    sp_signing_certificates = c.Text(),
                    sp_encryption_certificates = c.Text(),
                    require_signed_requests = c.Flag(),
                    name_id_source = c.Text(),
                    name_id_format = c.Text(),
                    sign = c.Text(),
                    signature_algorithm = c.Text(),
                    attributes = c.Text(),
                    default_relay_state = c.Text(nullable: true),
                    login_url = c.Text(nullable: true),
                    declare_redirect_endpoint = c.Flag(),
                    logo = c.Text(nullable: true),
                    created_at = c.Instant(),
                    updated_at = c.Instant(),
                    version = c.Long(),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_applications", t => t.id);
            }
        );
        migrationBuilder.CreateIndex("ix_applications_slug", "applications", "slug", unique: true);
        migrationBuilder.CreateIndex(
            "ix_applications_idp_entity_id",
            "applications",
            "idp_entity_id",
            unique: true
        );
        migrationBuilder.CreateIndex(
            "ix_applications_sp_entity_id",
            "applications",
            "sp_entity_id"
        );

        migrationBuilder.CreateTable(
            "application_groups",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    application_id = c.Id(),
                    group_id = c.Id(),
                    added_at = c.Instant(),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey(
                    "pk_application_groups",
                    t => new { t.application_id, t.group_id }
                );
                table.ForeignKey(
                    "fk_application_groups_application_id",
                    t => t.application_id,
                    "applications",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
                table.ForeignKey(
                    "fk_application_groups_group_id",
                    t => t.group_id,
                    "groups",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
            }
        );
        migrationBuilder.CreateIndex(
            "ix_application_groups_group_id",
            "application_groups",
            "group_id"
        );

        migrationBuilder.CreateTable(
            "application_certificates",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    id = c.Id(),
                    application_id = c.Id(),
                    certificate = c.Bytes(),
                    protected_private_key = c.Bytes(),
                    not_before = c.Instant(),
                    not_after = c.Instant(),
                    active = c.Flag(),
                    created_at = c.Instant(),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_application_certificates", t => t.id);
                table.ForeignKey(
                    "fk_application_certificates_application_id",
                    t => t.application_id,
                    "applications",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
            }
        );
        migrationBuilder.CreateIndex(
            "ix_application_certificates_application_id",
            "application_certificates",
            "application_id"
        );

        migrationBuilder.CreateTable(
            "persistent_name_ids",
            columns =>
            {
                var c = new ColumnTypes(columns, ActiveProvider);
                return new
                {
                    user_id = c.Id(),
                    sp_entity_id = c.Text(),
                    value = c.Text(),
                    created_at = c.Instant(),
                };
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_persistent_name_ids", t => new { t.user_id, t.sp_entity_id });
                table.ForeignKey(
                    "fk_persistent_name_ids_user_id",
                    t => t.user_id,
                    "users",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
            }
        );
        migrationBuilder.CreateIndex(
            "ix_persistent_name_ids_sp_entity_id_value",
            "persistent_name_ids",
            ["sp_entity_id", "value"],
            unique: true
        );
    }
}
